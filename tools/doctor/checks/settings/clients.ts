import { operations } from '../../../../shared/generated/operations.js'
import { functionName, type Operation } from '../../../../shared/operation/index.js'
import { isLoopback } from '../../accounts.js'
import { check } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'

export const clientsRemarks = {
  fine: {
    level: 'ok',
    what: { en: 'clients may do what they may do by default', zh: '客户端权限为默认设置' },
  },
  'pricing-on': {
    level: 'warn',
    what: { en: 'ALLOW_CLIENT_PRICING is on', zh: 'ALLOW_CLIENT_PRICING 已开启' },
    why: {
      en: 'A client may name its own price: whoever reads your page’s code pays one fen for anything.',
      zh: '客户端可以自定价格：任何能看到前端代码的人都可以用 1 分钱支付任何商品。',
    },
    mend: {
      en: 'Make orders with createOrder on the server, and switch it off. It is for donations and demos.',
      zh: '请在服务端用 createOrder 下单并关闭该开关；它只适用于打赏与演示。',
    },
  },
  'origin-malformed': {
    level: 'error',
    what: {
      en: 'CLIENT_ORIGINS has {origin}, which is no origin and matches no page',
      zh: 'CLIENT_ORIGINS 中的 {origin} 不是合法的来源，不会匹配任何页面',
    },
    why: { en: 'Browsers refuse the answers to your pages.', zh: '浏览器会拒绝您的页面读取应答。' },
    mend: {
      en: 'Write scheme, host and port alone, as the browser sends them: https://shop.example.com. There are no wildcards.',
      zh: '只写协议、主机与端口，与浏览器发送的一致：https://shop.example.com。不支持通配符。',
    },
  },
  'origin-in-the-clear': {
    level: 'warn',
    what: {
      en: 'CLIENT_ORIGINS lets pages of {origin} in, over plain http',
      zh: 'CLIENT_ORIGINS 允许明文 http 页面 {origin}',
    },
    why: {
      en: 'Whoever sits in the same network can put code into such a page and act as its user.',
      zh: '同一网络中的攻击者可以篡改该页面并冒充用户。',
    },
    mend: { en: 'Serve the page over https.', zh: '请使用 https 提供页面。' },
  },
  'origins-unused': {
    level: 'warn',
    what: {
      en: 'CLIENT_ORIGINS is set, but CLIENT_HTTP is not on',
      zh: '配置了 CLIENT_ORIGINS，但没有开启 CLIENT_HTTP',
    },
    why: { en: 'No page can call a function by URL.', zh: '页面无法通过 URL 调用云函数。' },
    mend: {
      en: 'Set CLIENT_HTTP=on, or remove CLIENT_ORIGINS where clients call through uniCloud.',
      zh: '请设置 CLIENT_HTTP=on；若客户端通过 uniCloud 调用，请删除 CLIENT_ORIGINS。',
    },
  },
  'function-unknown': {
    level: 'error',
    what: {
      en: 'OPENAPI_CLIENT_FUNCTIONS names {name}, and there is no such function',
      zh: 'OPENAPI_CLIENT_FUNCTIONS 中的 {name} 不存在',
    },
    why: { en: 'What was meant stays closed to clients.', zh: '原本想开放的云函数仍对客户端关闭。' },
    mend: {
      en: 'Use the function’s name, as in docs/api.md: wxacodeCreateQRCode, not wxacode.createQRCode.',
      zh: '请使用 docs/api.zh-CN.md 中的云函数名，例如 wxacodeCreateQRCode，而不是 wxacode.createQRCode。',
    },
  },
  'function-server-only': {
    level: 'error',
    what: {
      en: 'OPENAPI_CLIENT_FUNCTIONS names {name}, which stays closed to clients whatever is set',
      zh: 'OPENAPI_CLIENT_FUNCTIONS 中的 {name} 无论如何都不会对客户端开放',
    },
    why: {
      en: 'Whoever wrote it expects it to be open. It moves money, hands out secrets, or speaks for others.',
      zh: '写下它的人以为它已开放；但它涉及资金、密钥或他人身份。',
    },
    mend: {
      en: 'Call it from a function of your own that decides who may.',
      zh: '请在您自己的云函数中做权限判断后再调用它。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof clientsRemarks

export const clients = check({
  id: 'clients',
  title: { en: 'What clients may do', zh: '客户端权限' },
  remarks: clientsRemarks,
  async run(doctor, say) {
    const found = [...origins(doctor, say), ...(await clientFunctions(doctor, say))]
    if (doctor.settings.isOn('ALLOW_CLIENT_PRICING')) found.push(say('pricing-on'))
    return found.length > 0 ? found : [say('fine')]
  },
})

const listed = ({ settings }: Doctor, name: 'CLIENT_ORIGINS' | 'OPENAPI_CLIENT_FUNCTIONS'): string[] =>
  (settings.get(name) ?? '').split(',').flatMap((each) => each.trim() || [])

function origins(doctor: Doctor, say: Say<Code>): Finding[] {
  const given = listed(doctor, 'CLIENT_ORIGINS')
  if (given.length === 0) return []
  const unused = doctor.settings.isOn('CLIENT_HTTP') ? [] : [say('origins-unused')]
  const faults = given.flatMap((origin) => {
    // Browsers send origins in this one form, so nothing else ever matches.
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      return [say('origin-malformed', { origin })]
    const { protocol, hostname } = new URL(origin)
    return protocol === 'http:' && !isLoopback(hostname) ? [say('origin-in-the-clear', { origin })] : []
  })
  return [...unused, ...faults]
}

async function clientFunctions(doctor: Doctor, say: Say<Code>): Promise<Finding[]> {
  const names = listed(doctor, 'OPENAPI_CLIENT_FUNCTIONS')
  if (names.length === 0) return []
  const reaches = new Map<string, Operation['reach']>()
  for (const [dotted, load] of Object.entries(operations)) {
    const name = functionName(dotted)
    if (names.includes(name)) reaches.set(name, (await load()).reach)
  }
  return names.flatMap((name) => {
    const reach = reaches.get(name)
    if (reach === undefined) return [say('function-unknown', { name })]
    return reach === 'server' || reach === 'callback' ? [say('function-server-only', { name })] : []
  })
}
