import { eventBody, waitingEvent } from '../../../../shared/events/event.js'
import { delivererFor, webhookHeaders } from '../../../../shared/events/webhook.js'
import { takesPayments } from '../../accounts.js'
import { check } from '../../check.js'
import { type Doctor, PATIENCE_MS } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { NoAnswer } from '../../skipped.js'
import { hasNetwork, skipIfClockIsWrong } from '../clock.js'

const notDelivered = {
  en: 'Your service is not told of payments: events wait, and are given up after some days.',
  zh: '您的服务收不到支付事件：事件会等待重试，数日后放弃。',
}

export const eventsRemarks = {
  delivered: {
    level: 'ok',
    what: {
      en: '{host} takes a signed doctor.ping, and refuses an unsigned one',
      zh: '{host} 接受带签名的 doctor.ping，并拒绝未签名的请求',
    },
  },
  unset: {
    level: 'warn',
    what: { en: 'EVENT_TARGET is not set', zh: '未配置 EVENT_TARGET' },
    why: {
      en: 'Payments are kept, but nobody is told: your service has to ask with orderQuery.',
      zh: '支付会被记录，但不会通知任何人：您的服务只能用 orderQuery 查询。',
    },
    mend: {
      en: 'Set it to an https URL of your service, and EVENT_SECRET with it, or to function:<name>.',
      zh: '请填写您的服务的 https 地址（同时配置 EVENT_SECRET），或 function:<云函数名>。',
    },
  },
  'function-target': {
    level: 'skipped',
    what: {
      en: 'EVENT_TARGET is the function {name}, which only the cloud can call',
      zh: 'EVENT_TARGET 是云函数 {name}，只能在云端调用',
    },
  },
  'takes-unsigned': {
    level: 'warn',
    what: { en: '{host} takes events without a signature', zh: '{host} 接受没有签名的事件' },
    why: {
      en: 'Whoever knows its address can tell it that an order was paid.',
      zh: '任何知道该地址的人都可以伪造“已支付”事件。',
    },
    mend: {
      en: 'Verify each event with a library of standardwebhooks.com and EVENT_SECRET before anything else.',
      zh: '请先用 standardwebhooks.com 的库和 EVENT_SECRET 验证每个事件。',
    },
  },
  'signature-refused': {
    level: 'error',
    what: {
      en: '{host} refuses a signed event (HTTP {status})',
      zh: '{host} 拒绝了带签名的事件（HTTP {status}）',
    },
    why: notDelivered,
    mend: {
      en: 'EVENT_SECRET has to be the same at both ends, whsec_ included; the clocks may be five minutes apart.',
      zh: '两端的 EVENT_SECRET 必须一致（包括 whsec_ 前缀），时钟相差不能超过 5 分钟。',
    },
  },
  failing: {
    level: 'error',
    what: { en: '{host} answers HTTP {status} to an event', zh: '{host} 对事件返回 HTTP {status}' },
    why: notDelivered,
    mend: {
      en: 'It has to answer 2xx to what it understands and to types it does not know (here: doctor.ping).',
      zh: '对能识别的事件和未知类型（此处为 doctor.ping）都应返回 2xx。',
    },
  },
  unreachable: {
    level: 'error',
    what: { en: '{host} cannot be reached ({line})', zh: '无法连接 {host}（{line}）' },
    why: notDelivered,
    mend: {
      en: 'Check the address in EVENT_TARGET, and that it is open to the functions.',
      zh: '请检查 EVENT_TARGET 的地址，并确认云函数可以访问。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof eventsRemarks

/** A type of its own and no data: receivers ignore types they do not know. */
const TYPE = 'doctor.ping'

export const events = check({
  id: 'events',
  title: { en: 'Events reach your service', zh: '事件可以送达您的服务' },
  network: true,
  remarks: eventsRemarks,
  async run(doctor, say) {
    const target = doctor.settings.get('EVENT_TARGET')
    if (target === undefined) return takesPayments(doctor) ? [say('unset')] : []
    const name = /^function:(.+)$/.exec(target)?.[1]
    if (name !== undefined) return [say('function-target', { name })]
    // Throws when the settings are malformed, which the settings check reports.
    delivererFor(doctor.operationContext())
    try {
      return [await verdict(doctor, target, say)]
    } catch (error) {
      if (!(error instanceof NoAnswer) || !(await isItsFault(doctor))) throw error
      return [say('unreachable', { host: error.host, line: error.lineCode })]
    }
  },
})

/** When no provider answers either, the network is at fault. */
const isItsFault = (doctor: Doctor): Promise<boolean> => hasNetwork(doctor)

async function verdict(doctor: Doctor, url: string, say: Say<Code>): Promise<Finding> {
  const { host } = new URL(url)
  const event = waitingEvent(TYPE, doctor.random.bytes(12).toString('hex'), {}, doctor.clock.now())
  const body = eventBody(event)
  const seconds = Math.floor(doctor.clock.now() / 1000)
  const secret = Buffer.from(doctor.settings.require('EVENT_SECRET').replace(/^whsec_/, ''), 'base64')
  const signed = webhookHeaders(event.id, seconds, body, secret)
  const { 'webhook-signature': _signature, ...unsigned } = signed
  const status = await post(doctor, url, body, signed)
  if (status === 401 || status === 403) {
    await skipIfClockIsWrong(doctor)
    return say('signature-refused', { host, status })
  }
  if (!isSuccess(status)) return say('failing', { host, status })
  const isOpen = isSuccess(await post(doctor, url, body, unsigned))
  return say(isOpen ? 'takes-unsigned' : 'delivered', { host })
}

const isSuccess = (status: number): boolean => status >= 200 && status <= 299

async function post(
  { http }: Doctor,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<number> {
  const request = { method: 'POST', url, headers, body, timeoutMs: PATIENCE_MS, maxBytes: 64 * 1024 } as const
  return (await http.request(request)).status
}
