import * as v from 'valibot'
import { list, object, optional, optionalText, text } from '../../operation/fields.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { openid, pagePathWithQuery, paymentNumber } from '../shapes/inputs.js'
import { maybeNumbers, maybeTexts, nothing, numbers, texts } from '../shapes/records.js'

const waybillToken = text({ like: 'the waybillToken that traceWaybill answered' })

const goodsInfo = object({
  detailList: list(
    object({
      goodsName: text({ max: 60, like: 'the name of the goods, at most 60 characters' }),
      goodsImgUrl: text({ like: 'the address of a picture of the goods' }),
      goodsDesc: optional(text({ max: 40, like: 'a description of at most 40 characters' })),
    }),
    1,
    100,
  ),
})

const phone = text({ max: 32, like: 'a phone number' })

export const getAllDelivery = weixinApi('logistics.getAllDelivery', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/express/express-by-business/getAllDelivery.html',
  title: { en: 'The delivery companies WeChat knows', zh: '获取支持的快递公司列表' },
  get: '/cgi-bin/express/business/delivery/getall',
  input: object({}),
  output: json(
    v.object({
      ...numbers('count'),
      data: v.array(
        v.object({
          ...texts('deliveryId', 'deliveryName'),
          ...maybeTexts('cashBizId'),
          ...maybeNumbers('canUseCash', 'canGetQuota'),
          serviceType: v.optional(v.array(v.object({ ...numbers('serviceType'), ...texts('serviceName') }))),
        }),
      ),
    }),
  ),
  repeat: 'safe',
  reach: 'server',
})

/** Where the three below are described. */
const doc =
  'https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/industry/express/business/express_open_msg.html'

/**
 * The path is that of follow_waybill, the family to which the other two belong; the API that WeChat itself calls
 * trace_waybill is another product, reached with the generic request.
 */
export const traceWaybill = weixinApi('logistics.traceWaybill', {
  doc,
  title: {
    en: 'Hand a waybill to WeChat, which tells the user how the parcel travels',
    zh: '传运单，由微信向用户推送物流消息',
  },
  post: '/cgi-bin/express/delivery/open_msg/follow_waybill',
  input: object({
    openid,
    senderPhone: optional(phone),
    receiverPhone: phone,
    waybillId: text({ max: 128, like: 'the number of a waybill' }),
    goodsInfo,
    /** The official table wants it, its samples leave it out, and WeChat takes both. */
    transId: optionalText(paymentNumber),
    orderDetailPath: optional(pagePathWithQuery),
    deliveryId: optionalText({ max: 128, like: 'the id of a delivery company' }),
  }),
  output: json(v.object(texts('waybillToken'))),
  repeat: 'never',
  reach: 'server',
})

export const queryFollowTrace = weixinApi('logistics.queryFollowTrace', {
  doc,
  title: { en: 'How the parcel of a waybill travels', zh: '查运单' },
  post: '/cgi-bin/express/delivery/open_msg/query_follow_trace',
  input: object({ waybillToken, openid: optional(openid) }),
  output: json(
    v.object({
      /** `status`: 0 not collected, 1 collected, 2 under way, 3 being delivered, 4 signed, 5 disturbed, 6 signed by another. */
      waybillInfo: v.object({ ...numbers('status'), ...texts('waybillId') }),
      shopInfo: v.optional(
        v.object({
          goodsInfo: v.optional(
            v.object({
              detailList: v.array(
                v.object({ ...texts('goodsName', 'goodsImgUrl'), ...maybeTexts('goodsDesc') }),
              ),
            }),
          ),
        }),
      ),
      deliveryInfo: v.optional(v.object(texts('deliveryId', 'deliveryName'))),
    }),
  ),
  repeat: 'safe',
  reach: 'server',
})

export const updateFollowWaybillGoods = weixinApi('logistics.updateFollowWaybillGoods', {
  doc,
  title: { en: 'Change the goods of a waybill', zh: '更新运单的物品信息' },
  post: '/cgi-bin/express/delivery/open_msg/update_follow_waybill_goods',
  input: object({ waybillToken, openid: optional(openid), goodsInfo }),
  output: json(nothing),
  repeat: 'safe',
  reach: 'server',
})
