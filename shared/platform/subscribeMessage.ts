import { send as alipaySend } from '../alipay/subscribeMessage.js'
import { send as weixinSend } from '../weixin/subscribeMessage.js'
import { onEither } from './either.js'

export const send = onEither(weixinSend, alipaySend, { title: weixinSend.title })
