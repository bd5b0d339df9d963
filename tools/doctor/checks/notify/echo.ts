import { ECHO_PATH, type EchoSecret, echoSecrets } from '../../../../shared/payment/notices/doctorEcho.js'
import { notifyUrlFor } from '../../../../shared/payment/registry.js'
import { takesPayments } from '../../accounts.js'
import { check } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { NoAnswer } from '../../skipped.js'
import { hasNetwork, skipIfClockIsWrong } from '../clock.js'
import { arrivedAs, bodies, changeOnTheWay, type Probed, probeOnce } from './echoProbe.js'

const nothingVerifies = {
  en: 'A signature covers the bytes as they were sent: every notice of that kind fails to verify, and payments are never confirmed.',
  zh: '签名覆盖的是原始字节：此类通知全部验签失败，支付永远不会被确认。',
}
const letThrough = {
  en: 'Let the gateway, proxy or firewall in front of the function pass the body on as it is, without reading it.',
  zh: '请让云函数前面的网关、代理或防火墙原样转发请求体，不要解析。',
}
const changed = (en: string, zh: string) =>
  ({
    level: 'error',
    what: {
      en: `on its way to the function, a body of {kinds} ${en}`,
      zh: `{kinds} 的请求体在到达云函数途中${zh}`,
    },
    why: nothingVerifies,
    mend: letThrough,
  }) as const

export const notifyEchoRemarks = {
  untouched: {
    level: 'ok',
    what: {
      en: '{url} answers in {ms} ms, and bodies of every kind arrive untouched',
      zh: '{url} 在 {ms} 毫秒内应答，各类请求体均原样到达',
    },
  },
  trimmed: changed('loses spaces or line ends at its edges', '首尾的空格或换行被去掉了'),
  'line-ends': changed('has its line ends rewritten (CRLF and LF)', '换行符被改写（CRLF 与 LF）'),
  'json-rewritten': changed('is parsed and written again as JSON', '被解析后重新序列化为 JSON'),
  'form-rewritten': changed('is parsed and written again as a form', '被解析后重新编码为表单'),
  decoded: changed('is percent-decoded', '被百分号解码'),
  'html-escaped': changed('is HTML-escaped', '被 HTML 转义'),
  charset: changed('is converted to another charset', '被转换了字符编码'),
  base64: changed('arrives as base64 that nobody undid', '以未还原的 base64 形式到达'),
  emptied: changed('arrives empty', '到达时为空'),
  altered: changed(
    'is changed in a way unknown here ({sent} bytes sent, {arrived} arrived)',
    '被改动，方式未知（发出 {sent} 字节，到达 {arrived} 字节）',
  ),
  'settings-differ': {
    level: 'error',
    what: {
      en: 'the function at {url} has another {name} than the settings here',
      zh: '{url} 处云函数的 {name} 与此处配置不同',
    },
    why: {
      en: 'What is checked here is not what runs there; notices are judged by what runs there.',
      zh: '此处检查的配置并非线上实际使用的配置，而通知由线上配置判定。',
    },
    mend: {
      en: 'Deploy with these settings, or run the doctor with those of the deployment (--stage, --env).',
      zh: '请用此配置重新部署，或用线上配置运行本命令（--stage、--env）。',
    },
  },
  refused: {
    level: 'error',
    what: {
      en: 'something at {url} answers, but not to the doctor (HTTP {status})',
      zh: '{url} 有应答，但不接受诊断请求（HTTP {status}）',
    },
    why: {
      en: 'The function there has other settings, is an older build, has a wrong clock, or headers beginning with Wechatpay- get lost on the way, which V3 notices cannot do without.',
      zh: '该处云函数的配置不同、版本过旧或时钟不准，或途中丢失了 Wechatpay- 开头的请求头（V3 通知必须有这些请求头）。',
    },
    mend: {
      en: 'Deploy verifyPaymentNotify anew with these settings, then look at what stands in front of it.',
      zh: '请用此配置重新部署 verifyPaymentNotify，再检查其前面的网关。',
    },
  },
  'not-there': {
    level: 'error',
    what: {
      en: '{url} answers HTTP {status}, which is no answer of verifyPaymentNotify',
      zh: '{url} 返回 HTTP {status}，不是 verifyPaymentNotify 的应答',
    },
    why: { en: 'Notices get no further than this.', zh: '通知也只能到达这里。' },
    mend: {
      en: 'Check that verifyPaymentNotify is deployed, that its URL (uniCloud) or HTTP trigger is on and anonymous, and that no login stands in front.',
      zh: '请确认 verifyPaymentNotify 已部署、已开启云函数 URL 化（或匿名 HTTP 触发器），且前面没有登录校验。',
    },
  },
  redirected: {
    level: 'error',
    what: { en: '{url} redirects (HTTP {status})', zh: '{url} 发生重定向（HTTP {status}）' },
    why: { en: 'Providers follow no redirects: notices are lost.', zh: '支付平台不跟随重定向，通知会丢失。' },
    mend: {
      en: 'Set NOTIFY_BASE_URL to where it leads, or take the redirect away.',
      zh: '请将 NOTIFY_BASE_URL 改为跳转后的地址，或取消重定向。',
    },
  },
  tls: {
    level: 'error',
    what: { en: 'the certificate of {host} is not valid ({line})', zh: '{host} 的 HTTPS 证书无效（{line}）' },
    why: { en: 'Providers refuse to connect: notices are lost.', zh: '支付平台会拒绝连接，通知会丢失。' },
    mend: {
      en: 'Renew it, and have the server send the whole chain.',
      zh: '请更新证书，并确保服务器发送完整证书链。',
    },
  },
  unreachable: {
    level: 'error',
    what: { en: '{host} cannot be reached ({line})', zh: '无法连接 {host}（{line}）' },
    why: {
      en: 'Providers were reached from here, so it is this address that is at fault: notices are lost.',
      zh: '本机可以访问支付平台，说明问题在该地址本身，通知会丢失。',
    },
    mend: {
      en: 'Check the name in DNS, the domain’s binding in the cloud, and the port.',
      zh: '请检查域名解析、云端的域名绑定与端口。',
    },
  },
  slow: {
    level: 'warn',
    what: { en: '{url} takes {ms} ms to answer', zh: '{url} 应答耗时 {ms} 毫秒' },
    why: {
      en: 'WeChat Pay gives up after 5 s, and a notice has more work to do than this.',
      zh: '微信支付 5 秒后放弃，而真实通知的处理耗时更长。',
    },
    mend: {
      en: 'Give the function more memory, bring the database nearer, or keep an instance warm.',
      zh: '请增加云函数内存、就近部署数据库，或保留预热实例。',
    },
  },
  'no-secret': {
    level: 'skipped',
    what: {
      en: 'there is no secret to sign the probe with; EVIDENCE_KEY would be one',
      zh: '没有可用于签名诊断请求的密钥，配置 EVIDENCE_KEY 即可',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof notifyEchoRemarks

export const notifyEcho = check({
  id: 'notify.echo',
  title: { en: 'Callbacks arrive with their bytes untouched', zh: '回调请求体原样到达' },
  network: true,
  remarks: notifyEchoRemarks,
  async run(doctor, say) {
    if (!doctor.settings.get('NOTIFY_BASE_URL') || !takesPayments(doctor)) return []
    const url = notifyUrlFor(doctor.settings, 'verifyPaymentNotify', NOBODY).slice(0, -ECHO_PATH.length)
    const keys = echoSecrets.flatMap((setting) => {
      const secret = doctor.settings.get(setting)
      return secret === undefined ? [] : [{ setting, secret }]
    })
    if (keys.length === 0) return [say('no-secret')]
    try {
      return await findings(doctor, url, keys, say)
    } catch (error) {
      if (error instanceof NoAnswer) return [await noAnswer(doctor, error, say)]
      throw error
    }
  },
})

const [, provider = '', merchantId = ''] = ECHO_PATH.split('/')

/** The echo's address has the parts of a merchant's notify address. */
const NOBODY = { provider, merchantId }

interface Key {
  setting: EchoSecret
  secret: string
}

/** Tries one secret after the other until the function has the same; each that it does not have is a finding. */
async function findings(
  doctor: Doctor,
  url: string,
  keys: readonly Key[],
  say: Say<Code>,
): Promise<Finding[]> {
  const [firstKind = '', ...otherKinds] = Object.keys(bodies)
  const differing: Finding[] = []
  let refusal: Probed | undefined
  for (const key of keys) {
    const first = await probeOnce(doctor, url, firstKind, key)
    if (first.echo) {
      const others = await Promise.all(otherKinds.map((kind) => probeOnce(doctor, url, kind, key)))
      return [...differing, ...judged([first, ...others], url, say)]
    }
    refusal ??= first
    if (!isRefusal(first)) break
    differing.push(say('settings-differ', { url, name: key.setting }))
  }
  const status = refusal?.answer.status ?? 0
  if (status >= 300 && status < 400) return [say('redirected', { url, status })]
  if (!refusal || !isRefusal(refusal)) return [say('not-there', { url, status })]
  await skipIfClockIsWrong(doctor)
  return [say('refused', { url, status })]
}

/** How a notify function refuses calls to an unknown address. */
const isRefusal = ({ answer }: Probed): boolean =>
  answer.status === 400 && answer.body.toString('utf8').trim() === 'fail'

const SLOW_MS = 3000

function judged(probes: readonly Probed[], url: string, say: Say<Code>): Finding[] {
  const byCode = new Map<Code, Probed[]>()
  for (const probe of probes) {
    if (arrivedAs(probe, probe.sent)) continue
    const code = probe.echo
      ? (changeOnTheWay(probe.sent, (body) => arrivedAs(probe, body)) ?? 'altered')
      : 'altered'
    byCode.set(code, [...(byCode.get(code) ?? []), probe])
  }
  const found = [...byCode].map(([code, altered]) => {
    const [first] = altered
    const sizes = { sent: first?.sent.length ?? 0, arrived: first?.echo?.bytes ?? '?' }
    return say(code, { kinds: altered.map(({ kind }) => kind).join(', '), ...sizes })
  })
  if (found.length > 0) return found
  // The first call may have been a cold start, which a notice can be as well.
  const ms = Math.max(...probes.map((probe) => probe.ms))
  return [say(ms > SLOW_MS ? 'slow' : 'untouched', { url, ms })]
}

async function noAnswer(doctor: Doctor, error: NoAnswer, say: Say<Code>): Promise<Finding> {
  if (!(await hasNetwork(doctor))) throw error
  const about = { host: error.host, line: error.lineCode }
  return say(/CERT|VERIFY|TLS|SSL|ALTNAME/.test(error.lineCode) ? 'tls' : 'unreachable', about)
}
