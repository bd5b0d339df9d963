import * as alipay from '../alipay/apis/security.js'
import type { Operation } from '../operation/index.js'
import * as weixin from '../weixin/apis/security.js'
import { onEither } from './either.js'

const ofBoth = ({ title: { en, zh } }: Operation) => ({
  title: {
    en: `${en}; Alipay offers none and answers NOT_OFFERED`,
    zh: `${zh}；支付宝未提供，返回 NOT_OFFERED`,
  },
})

export const msgSecCheck = onEither(weixin.msgSecCheck, alipay.msgSecCheck, ofBoth(weixin.msgSecCheck))

export const imgSecCheck = onEither(weixin.imgSecCheck, alipay.imgSecCheck, ofBoth(weixin.imgSecCheck))
