import { isLoopback, isPrivate, takesPayments } from '../accounts.js'
import { check } from '../check.js'
import { notifyUrlRemarks } from '../remarks/notifyUrl.js'

const FUNCTION_NAME = /\/(verifyPaymentNotify|verifyRefundNotify|messageNotify)\/?$/

export const notifyUrl = check({
  id: 'notify.url',
  title: {
    en: 'NOTIFY_BASE_URL is an address that providers accept',
    zh: 'NOTIFY_BASE_URL 是支付平台可接受的地址',
  },
  remarks: notifyUrlRemarks,
  run(world, say) {
    const url = world.settings.get('NOTIFY_BASE_URL')
    if (url === undefined) return takesPayments(world) ? [say('missing')] : []
    if (!URL.canParse(url)) return []
    const { protocol, hostname, host } = new URL(url)
    if (FUNCTION_NAME.test(url)) return [say('names-function', { url })]
    if (protocol === 'http:' && !isLoopback(hostname)) return [say('in-the-clear', { url })]
    return [isPrivate(hostname) ? say('local', { host }) : say('good', { url })]
  },
})
