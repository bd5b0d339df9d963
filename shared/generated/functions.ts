/** Made from the declarations by `npm run generate`; do not edit. */
export interface Functions {
  /**
   * Mini-program code for a page, as addresses of pictures.
   * 获取小程序码（图片地址）。
   */
  acodeGetMiniCode: {
    data: { page?: string; scene: string; describe?: string; color?: string; size?: 'l' | 'm' | 's' } & Login
    result: { qrCodeUrl: string; qrCodeUrlCircleWhite?: string; qrCodeUrlCircleBlue?: string }
  }
  /**
   * Log in with the code from uni.login.
   * 登录凭证校验。
   */
  authCode2Session: {
    data: { code: string; platform?: 'alipay' | 'weixin' }
    result: { sessionToken: string; expiresIn: number; unionid?: string; openid: string }
  }
  /**
   * The unionid of a user who paid within the last five minutes.
   * 用户支付完成后五分钟内，获取该用户的 UnionId，无需用户授权。
   */
  authGetPaidUnionId: {
    data: { transactionId?: string; mchId?: string; outTradeNo?: string } & Login
    result: { unionid: string }
  }
  /**
   * The phone number that a user agreed to give: WeChat's by the code of the button or by its encryptedData, Alipay's by what my.getPhoneNumber answered.
   * 获取用户绑定的手机号：微信凭按钮返回的 code 或 encryptedData，支付宝凭 my.getPhoneNumber 的返回值。
   */
  decryptGetPhoneNumber: {
    data: (
      | { code: string; platform?: 'alipay' | 'weixin' }
      | { encryptedData: string; iv: string; sessionKey?: string; platform?: 'alipay' | 'weixin' }
      | { response: string; sign?: string; platform?: 'alipay' | 'weixin' }
    ) & { sessionToken: string }
    result:
      | {
          phoneInfo: {
            watermark: { appid: string; timestamp: number }
            phoneNumber: string
            purePhoneNumber: string
            countryCode: string
          }
        }
      | { phoneNumber: string }
      | {
          watermark: { appid: string; timestamp: number }
          phoneNumber: string
          purePhoneNumber: string
          countryCode: string
        }
  }
  /**
   * What the client's payment call needs.
   * 获取客户端支付所需参数。
   */
  getOrderInfo: {
    data: {
      provider?: 'alipay' | 'weixin-v2' | 'weixin-v3'
      body?: string
      subject?: string
      outTradeNo: string
      payToken?: string
      clientType?: 'app' | 'app-plus' | 'h5' | 'mp-alipay' | 'mp-weixin' | 'native' | 'web'
      totalFee?: number
    } & Partial<Login>
    result:
      | {
          provider: 'alipay'
          clientType: 'app' | 'app-plus'
          /** or, of Alipay, the signed order, `orderInfo` of `uni.requestPayment` and what its SDK takes */
          orderInfo: string
        }
      | {
          provider: 'alipay'
          clientType: 'mp-alipay'
          /** `mp-alipay`: the trade number, `orderInfo` of `uni.requestPayment` and `tradeNO` of `my.tradePay` */
          orderInfo: string
        }
      | {
          provider: 'weixin-v2' | 'weixin-v3'
          /** For which client it is: the one that was named, else that of the login. */
          clientType: 'mp-weixin'
          /** `mp-weixin`: goes as it is into `wx.requestPayment` and `Taro.requestPayment`, and beside `provider: 'wxpay'` into `uni.requestPayment` */
          orderInfo: {
            appId: string
            timeStamp: string
            nonceStr: string
            package: string
            /** RSA with WeChat Pay V3. */
            signType: 'HMAC-SHA256' | 'MD5' | 'RSA'
            paySign: string
          }
        }
      | {
          provider: 'weixin-v2' | 'weixin-v3'
          clientType: 'app' | 'app-plus'
          /** `app`: goes into `uni.requestPayment` as `orderInfo`, or field by field into WeChat's SDK */
          orderInfo: {
            appid: string
            partnerid: string
            prepayid: string
            package: string
            noncestr: string
            timestamp: string
            sign: string
          }
        }
      | {
          provider: 'weixin-v2' | 'weixin-v3'
          clientType: 'h5' | 'web'
          /** `h5`: an address to go to */
          orderInfo: {
            /** assigned to `location.href`, it opens WeChat */
            mwebUrl: string
          }
        }
      | {
          provider: 'weixin-v2' | 'weixin-v3'
          clientType: 'native'
          /** `native`: a code to show */
          orderInfo: {
            /** the text of a QR code, which the payer scans */
            codeUrl: string
          }
        }
  }
  /**
   * Where to crop a picture.
   * 图片智能裁剪。
   */
  imgAiCrop: {
    data: { ratios?: string; imgUrl?: string; img?: { contentType: string; value: string } } & Login
    result: {
      results: Array<{ cropLeft: number; cropTop: number; cropRight: number; cropBottom: number }>
      imgSize: { w: number; h: number }
    }
  }
  /**
   * Read the QR codes and bar codes in a picture.
   * 条码、二维码、DataMatrix 和 PDF417 识别。
   */
  imgScanQRCode: {
    data: { imgUrl?: string; img?: { contentType: string; value: string } } & Login
    result: {
      codeResults: Array<{
        /** QR codes and DataMatrix only. */
        pos?: {
          leftTop: { x: number; y: number }
          rightTop: { x: number; y: number }
          rightBottom: { x: number; y: number }
          leftBottom: { x: number; y: number }
        }
        data?: string
        typeName: string
      }>
      imgSize: { w: number; h: number }
    }
  }
  /**
   * Double the resolution of a picture; fetch it with getTempMedia within three days.
   * 图片高清化，结果用 getTempMedia 在三天内下载。
   */
  imgSuperresolution: {
    data: { imgUrl?: string; img?: { contentType: string; value: string } } & Login
    result: { mediaId: string }
  }
  /**
   * Live rooms, or the replays of one.
   * 获取直播间列表及直播间信息、回放。
   */
  livebroadcastGetLiveInfo: {
    data: { start: number; limit: number; action?: 'get_replay'; roomId?: number } & Login
    result: {
      roomInfo?: Array<{
        goods?: Array<{
          goodsId: number
          price: number
          price2: number
          priceType: number
          name: string
          url: string
          coverImg: string
          thirdPartyAppid: string
        }>
        closeLike: number
        closeGoods: number
        closeComment: number
        closeKf: number
        closeReplay: number
        roomid: number
        liveStatus: number
        startTime: number
        endTime: number
        liveType: number
        isFeedsPublic: number
        createrOpenid?: string
        name: string
        coverImg: string
        shareImg: string
        anchorName: string
        feedsImg: string
      }>
      liveReplay?: Array<{ createTime: number | string; expireTime: number | string; mediaUrl: string }>
      errCode?: number
      total: number
    }
  }
  /**
   * Ask the provider how an order stands.
   * 查询订单。
   */
  orderQuery: {
    data: {
      outTradeNo?: string
      transactionId?: string
      payToken?: string
      provider?: 'alipay' | 'weixin-v2' | 'weixin-v3'
      mchId?: string
    } & Partial<Login>
    result: {
      provider: string
      outTradeNo: string
      tradeState:
        | 'ACCEPT'
        | 'CLOSED'
        | 'FINISHED'
        | 'NOTPAY'
        | 'PAYERROR'
        | 'REFUND'
        | 'REVOKED'
        | 'SUCCESS'
        | 'USERPAYING'
      /** Where the order stands here; absent for orders that were not made here. */
      orderState?: 'CLOSED' | 'CREATED' | 'PAID' | 'PARTIALLY_REFUNDED' | 'PAYING' | 'REFUNDED'
      appId?: string
      /** WeChat only. */
      mchId?: string
      tradeStateDesc?: string
      tradeType?: string
      /** Present once money moved, as is `totalFee`. */
      transactionId?: string
      totalFee?: number
      /** ISO 4217. */
      feeType?: string
      cashFee?: number
      cashFeeType?: string
      settlementTotalFee?: number
      /** All that was given back so far. Only Alipay states it; its CLOSED, of an order that was paid, gave back the whole. */
      refundedFee?: number
      couponFee?: number
      couponCount?: number
      couponList?: Array<{ couponId?: string; couponType?: string; couponFee?: number }>
      openid?: string
      isSubscribe?: string
      bankType?: string
      deviceInfo?: string
      attach?: string
      /** `yyyyMMddHHmmss` in Beijing. */
      timeEnd?: string
      /** Alipay, by `queryOptions`: how it was paid. */
      fundBillList?: Array<{
        fundChannel: string
        bankCode?: string
        /** Fen, as is the next. */
        amount?: number
        realAmount?: number
      }>
    }
  }
  /**
   * Check a picture or sound at a public address; the verdict arrives within 30 minutes as event wxa_media_check; Alipay offers none and answers NOT_OFFERED.
   * 异步校验图片或音频是否含有违法违规内容，结论在 30 分钟内以 wxa_media_check 事件推送；支付宝未提供，返回 NOT_OFFERED。
   */
  securityImgSecCheck: {
    data: (
      | {
          version: 1
          scene?: 1 | 2 | 3 | 4
          media: { contentType: string; value: string }
          platform?: 'alipay' | 'weixin'
        }
      | {
          version?: 2
          scene: 1 | 2 | 3 | 4
          mediaUrl: string
          mediaType?: 1 | 2
          platform?: 'alipay' | 'weixin'
        }
    ) &
      Login
    result: { errCode?: number; errMsg?: string; result: { suggest: 'pass' | 'risky' } } | { traceId: string }
  }
  /**
   * The verdict on a picture or sound sent for checking, once WeChat has pushed it.
   * 查询异步内容安全检测的结论（由消息推送送达）。
   */
  securityMediaCheckResult: {
    data: { traceId: string } & Login
    result: {
      traceId: string
      /** `waiting`: no verdict came yet. `failed`: WeChat could not look at it, and `problem` is the reason: ask again. */
      state: 'checked' | 'failed' | 'waiting'
      suggest?: 'pass' | 'review' | 'risky'
      /** 100 nothing, 20001 politics, 20002 porn, 20006 crime, 21000 other. */
      label?: number
      problem?: string
    }
  }
  /**
   * Check a text for illegal content; `result.suggest` is the verdict; Alipay offers none and answers NOT_OFFERED.
   * 检查一段文本是否含有违法违规内容，结论在 result.suggest；支付宝未提供，返回 NOT_OFFERED。
   */
  securityMsgSecCheck: {
    data: (
      | {
          title?: string
          nickname?: string
          signature?: string
          version?: 2
          scene: 1 | 2 | 3 | 4
          content: string
          platform?: 'alipay' | 'weixin'
        }
      | { version: 1; scene?: 1 | 2 | 3 | 4; content: string; platform?: 'alipay' | 'weixin' }
    ) &
      Login
    result:
      | {
          /** `label`: 100 nothing, 10001 advertising, 20001 politics, 20002 porn, 20003 abuse, 20006 crime, 20008 fraud. */
          result: { suggest: 'pass' | 'review' | 'risky'; label: number }
          detail?: Array<{
            label?: number
            prob?: number
            level?: number
            keyword?: string
            errCode: number
            suggest?: 'pass' | 'review' | 'risky'
            strategy: string
          }>
          traceId: string
        }
      | { errCode?: number; errMsg?: string; result: { suggest: 'pass' | 'risky' } }
  }
  /**
   * An https:// address that opens the mini program from messages and pages (500,000 a day, shared with schemes).
   * 获取小程序 URL Link，适用于短信、邮件、网页等场景（每日 50 万个，与 scheme 码共用）。
   */
  urllinkGenerate: {
    data: {
      envVersion?: 'develop' | 'release' | 'trial'
      cloudBase?: { resourceAppid?: string; path?: string; query?: string; env: string; domain?: string }
      isExpire?: boolean
      expireType?: 0 | 1
      expireTime?: number
      expireInterval?: number
      path?: string
      query?: string
    } & Login
    result: { urlLink: string }
  }
  /**
   * A weixin:// address that opens the mini program from messages and pages (500,000 a day, shared with links).
   * 获取小程序 scheme 码，适用于短信、邮件、外部网页等场景（每日 50 万个，与 URL Link 共用）。
   */
  urlschemeGenerate: {
    data: {
      isExpire?: boolean
      expireType?: 0 | 1
      expireTime?: number
      expireInterval?: number
      jumpWxa?: { envVersion?: 'develop' | 'release' | 'trial'; path?: string; query?: string }
    } & Login
    result: { openlink: string }
  }
  /**
   * Square QR code for pages that need few of them (100,000 in all, shared with get).
   * 获取小程序二维码，适用于需要的码数量较少的业务场景（与 get 共 10 万个）。
   */
  wxacodeCreateQRCode: {
    data: { path: string; width?: number } & Login
    result: { contentType: string; base64: string }
  }
  /**
   * Mini-program code for pages that need few of them (100,000 in all, shared with createQRCode).
   * 获取小程序码，适用于需要的码数量较少的业务场景（与 createQRCode 共 10 万个）。
   */
  wxacodeGet: {
    data: {
      width?: number
      autoColor?: boolean
      lineColor?: { r: number | string; g: number | string; b: number | string }
      isHyaline?: boolean
      envVersion?: 'develop' | 'release' | 'trial'
      path: string
    } & Login
    result: { contentType: string; base64: string }
  }
  /**
   * Mini-program code without a limit on their number; the page reads its data from `scene`.
   * 获取不限数量的小程序码，页面从 scene 读取数据。
   */
  wxacodeGetUnlimited: {
    data: {
      width?: number
      autoColor?: boolean
      lineColor?: { r: number | string; g: number | string; b: number | string }
      isHyaline?: boolean
      envVersion?: 'develop' | 'release' | 'trial'
      scene: string
      page?: string
      checkPath?: boolean
    } & Login
    result: { contentType: string; base64: string }
  }
}

/** The same by their dotted names. */
export interface Apis {
  'acode.getMiniCode': 'acodeGetMiniCode'
  'auth.code2Session': 'authCode2Session'
  'auth.getPaidUnionId': 'authGetPaidUnionId'
  'decrypt.getPhoneNumber': 'decryptGetPhoneNumber'
  'payment.getOrderInfo': 'getOrderInfo'
  'img.aiCrop': 'imgAiCrop'
  'img.scanQRCode': 'imgScanQRCode'
  'img.superresolution': 'imgSuperresolution'
  'livebroadcast.getLiveInfo': 'livebroadcastGetLiveInfo'
  'payment.orderQuery': 'orderQuery'
  'security.imgSecCheck': 'securityImgSecCheck'
  'security.mediaCheckResult': 'securityMediaCheckResult'
  'security.msgSecCheck': 'securityMsgSecCheck'
  'urllink.generate': 'urllinkGenerate'
  'urlscheme.generate': 'urlschemeGenerate'
  'wxacode.createQRCode': 'wxacodeCreateQRCode'
  'wxacode.get': 'wxacodeGet'
  'wxacode.getUnlimited': 'wxacodeGetUnlimited'
}

/** Proof of a login: what authCode2Session answered, or a fresh code from `uni.login`. */
export type Login = { sessionToken: string } | { code: string }
