import { verify } from 'node:crypto'
import type { Received } from '../contract.js'
import type { V3World } from './entry.js'
import { paramError, signError } from './failure.js'

const WINDOW_MS = 300_000
const NAMES = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'] as const

type Credentials = Readonly<Record<(typeof NAMES)[number], string>>

/** Throws unless the request is signed by our merchant, now, for the first time, over exactly what arrived. */
export function authenticate(request: Received, { merchant, files, nonces, clock }: V3World): void {
  const given = credentialsOf(request.headers.authorization ?? '')
  if (given.mchid !== merchant.mchId) throw signError('商户号不存在或与签名不符')
  if (given.serial_no.toUpperCase() !== files.serialNo) throw signError('商户证书序列号有误')
  if (!/^\d{10}$/.test(given.timestamp)) throw signError('时间戳格式有误')
  if (Math.abs(clock.now() - Number(given.timestamp) * 1000) >= WINDOW_MS) {
    throw signError('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟')
  }
  const { method, target, body } = request
  const head = `${method}\n${target}\n${given.timestamp}\n${given.nonce_str}\n`
  const text = Buffer.concat([Buffer.from(head), body, Buffer.from('\n')])
  const signature = Buffer.from(given.signature, 'base64')
  if (!verify('sha256', text, files.keys.publicKey, signature)) throw signError('签名错误，验签失败')
  if (!nonces.take(given.nonce_str, clock.now())) throw signError('随机串已被使用')
}

function credentialsOf(header: string): Credentials {
  const [, scheme, list = ''] = /^(\S+) +(.*)$/.exec(header) ?? []
  if (scheme !== 'WECHATPAY2-SHA256-RSA2048') throw signError('Http头Authorization认证类型有误')
  const found: Record<string, string> = Object.create(null)
  for (const pair of list.split(/,\s*(?=\w+=")/)) {
    const [, name, value] = /^(\w+)="([^"]*)"$/.exec(pair) ?? []
    if (!name || !value || name in found) throw signError('Http头Authorization值格式错误')
    found[name] = value
  }
  const missing = NAMES.find((name) => !found[name])
  if (missing) throw signError(`Http头Authorization缺少${missing}`)
  return found as Credentials
}

/** What has to stand in front of every request. */
export function checkHeaders({ method, headers }: Received): void {
  const { accept = '', 'user-agent': agent = '', 'content-type': type = '' } = headers
  if (agent === '' || !/application\/json|\*\/\*/.test(accept)) {
    throw paramError('Http头缺少Accept或User-Agent')
  }
  if (method === 'POST' && !/^application\/json\b/.test(type)) {
    throw paramError('Http头Content-Type必须为application/json')
  }
}
