import { send as alipaySend } from '../alipay/apis/subscribeMessage.js'
import { send as weixinSend } from '../weixin/apis/subscribeMessage.js'
import { onEither } from './either.js'

export const send = onEither(weixinSend, alipaySend, { title: weixinSend.title })
