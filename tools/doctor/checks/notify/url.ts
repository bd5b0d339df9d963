import { isLoopback, isPrivate, takesPayments } from '../../accounts.js'
import { check } from '../../check.js'
import type { Remarks } from '../../finding.js'

export const notifyUrlRemarks = {
  good: {
    level: 'ok',
    what: { en: 'providers are sent to {url}', zh: '支付平台将通知发送到 {url}' },
  },
  missing: {
    level: 'error',
    what: { en: 'NOTIFY_BASE_URL is not set', zh: '未配置 NOTIFY_BASE_URL' },
    why: {
      en: 'No order can be made: the provider would not know whom to tell of the payment.',
      zh: '无法下单：支付平台不知道把支付结果通知给谁。',
    },
    mend: {
      en: 'Set it to the address under which the functions answer URL calls, without the function’s name.',
      zh: '请填写云函数 URL 化的公共前缀（不含云函数名）。',
    },
  },
  'in-the-clear': {
    level: 'error',
    what: { en: 'NOTIFY_BASE_URL is plain http: {url}', zh: 'NOTIFY_BASE_URL 使用明文 http：{url}' },
    why: {
      en: 'WeChat Pay V3 refuses such an address when an order is made, and notices travel readable for everybody.',
      zh: '微信支付 V3 下单时会拒绝该地址，且通知会以明文传输。',
    },
    mend: { en: 'Use https.', zh: '请改用 https。' },
  },
  local: {
    level: 'warn',
    what: {
      en: 'NOTIFY_BASE_URL leads to {host}, where only this machine or network gets',
      zh: 'NOTIFY_BASE_URL 指向 {host}，只有本机或内网可以访问',
    },
    why: {
      en: 'Right for the local cloud. WeChat Pay and Alipay never get there, so no payment would be confirmed.',
      zh: '用于本地云是正确的；微信支付与支付宝无法访问，支付不会被确认。',
    },
    mend: {
      en: 'In production, set the public address of the functions.',
      zh: '生产环境请配置云函数的公网地址。',
    },
  },
  'names-function': {
    level: 'error',
    what: {
      en: 'NOTIFY_BASE_URL ends with the name of a function: {url}',
      zh: 'NOTIFY_BASE_URL 末尾包含了云函数名：{url}',
    },
    why: {
      en: 'The name is put behind it, and would stand there twice: notices go to an address where nobody answers.',
      zh: '系统会自动追加函数名，重复后通知会发往无人应答的地址。',
    },
    mend: { en: 'Cut the last part off.', zh: '请去掉最后一段。' },
  },
} as const satisfies Remarks

const FUNCTION_NAME = /\/(verifyPaymentNotify|verifyRefundNotify|messageNotify)\/?$/

export const notifyUrl = check({
  id: 'notify.url',
  title: {
    en: 'NOTIFY_BASE_URL is an address that providers accept',
    zh: 'NOTIFY_BASE_URL 是支付平台可接受的地址',
  },
  remarks: notifyUrlRemarks,
  run(doctor, say) {
    const url = doctor.settings.get('NOTIFY_BASE_URL')
    if (url === undefined) return takesPayments(doctor) ? [say('missing')] : []
    if (!URL.canParse(url)) return []
    const { protocol, hostname, host } = new URL(url)
    if (FUNCTION_NAME.test(url)) return [say('names-function', { url })]
    if (protocol === 'http:' && !isLoopback(hostname)) return [say('in-the-clear', { url })]
    return [isPrivate(hostname) ? say('local', { host }) : say('good', { url })]
  },
})
