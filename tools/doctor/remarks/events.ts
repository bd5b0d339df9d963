import type { Remarks } from '../finding.js'

const notTold = {
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
    why: notTold,
    mend: {
      en: 'EVENT_SECRET has to be the same at both ends, whsec_ included; the clocks may be five minutes apart.',
      zh: '两端的 EVENT_SECRET 必须一致（包括 whsec_ 前缀），时钟相差不能超过 5 分钟。',
    },
  },
  failing: {
    level: 'error',
    what: { en: '{host} answers HTTP {status} to an event', zh: '{host} 对事件返回 HTTP {status}' },
    why: notTold,
    mend: {
      en: 'It has to answer 2xx to what it understands and to types it does not know (here: doctor.ping).',
      zh: '对能识别的事件和未知类型（此处为 doctor.ping）都应返回 2xx。',
    },
  },
  unreachable: {
    level: 'error',
    what: { en: '{host} cannot be reached ({line})', zh: '无法连接 {host}（{line}）' },
    why: notTold,
    mend: {
      en: 'Check the address in EVENT_TARGET, and that it is open to the functions.',
      zh: '请检查 EVENT_TARGET 的地址，并确认云函数可以访问。',
    },
  },
} as const satisfies Remarks
