import { verify } from 'node:crypto'
import type { Api, HttpAnswer, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import { commonFaults } from '../weixin-pay/index.js'
import { type Call, type Entry, isAnswer, type V3Context } from './entry.js'
import type { Signer } from './keys.js'
import { signatureFaults, signatureHeaders, withFault } from './message.js'
import { checkRules, paramError, signError, V3Failure } from './rules.js'

const faults: readonly Fault[] = [...commonFaults, ...signatureFaults, 'wrong-amount', 'wrong-merchant']

/** Faults that are answers of a kind: what is answered in place of acting. */
const refusals: Readonly<Partial<Record<Fault, readonly [number, string, string]>>> = {
  busy: [500, 'SYSTEM_ERROR', '系统异常，请稍后重试'],
  denied: [404, 'ORDER_NOT_EXIST', '订单不存在'],
  unbound: [400, 'APPID_MCHID_NOT_MATCH', '商户号和appid不匹配'],
  'no-permission': [403, 'NO_AUTH', '商户无权限'],
  'no-funds': [403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起'],
  contended: [429, 'FREQUENCY_LIMITED', '频率超限'],
  creating: [400, 'STATEMENT_CREATING', '账单生成中'],
}

/** Turns a table's entry into an endpoint: headers, signature and fields are checked before it does its work. */
export function v3Api(entry: Entry, context: V3Context): Api {
  return {
    name: entry.name,
    path: entry.path,
    faults: [...faults, ...(entry.faults ?? [])],
    answer(request, fault) {
      const signer = signerFor(entry, request, context) ?? context.keys.signer()
      const answer = performed(entry, request, context, fault)
      if (entry.unsigned && answer.status === 200) return answer
      const headers = signatureHeaders(String(answer.body), signer, context, fault)
      return { ...answer, headers: { ...answer.headers, ...headers } }
    },
  }
}

/** Undefined when the request names a key that there is not; the refusal of that is signed as well. */
function signerFor(
  { ownSerial }: Entry,
  { headers }: Received,
  { keys, files }: V3Context,
): Signer | undefined {
  const { 'wechatpay-serial': serial = '' } = headers
  const namesNone = serial === '' || (ownSerial && serial.toUpperCase() === files.serialNo)
  return namesNone ? keys.signer() : keys.signerNamed(serial)
}

function performed(
  entry: Entry,
  request: Received,
  context: V3Context,
  fault: Fault | undefined,
): HttpAnswer {
  try {
    const call = admitted(entry, request, context)
    const refusal = fault && refusals[fault]
    if (refusal) throw new V3Failure(...refusal)
    checkRules(entry.query ?? {}, call.query, 'query')
    checkRules(entry.body ?? {}, call.body, 'body')
    const fields = entry.answer(call, context, fault)
    if (fault === 'busy-acted') throw new V3Failure(500, 'SYSTEM_ERROR', '系统异常，请稍后重试')
    if (fields === undefined) return { ...json(204, {}), body: '' }
    return isAnswer(fields) ? fields : json(200, withFault(fields, fault))
  } catch (error) {
    if (!(error instanceof V3Failure)) throw error
    const { status, code, message, detail } = error
    return json(status, { code, message, ...(detail ? { detail } : {}) })
  }
}

/** A request that is in good order and our merchant's. */
function admitted(entry: Entry, request: Received, context: V3Context): Call {
  if (request.method !== entry.method) throw new V3Failure(405, 'INVALID_REQUEST', '请求方法不支持')
  checkHeaders(request)
  authenticate(request, context)
  if (!signerFor(entry, request, context)) {
    throw paramError('Http头Wechatpay-Serial有误，没有该平台证书或微信支付公钥')
  }
  const { params, query } = request
  return { request, params, query, body: entry.method === 'POST' ? bodyOf(request) : {} }
}

function bodyOf({ body }: Received): Record<string, unknown> {
  const text = body.toString('utf8')
  if (/[\u{10000}-\u{10ffff}]/u.test(text)) throw paramError('不支持4字节及以上的UTF-8字符')
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Said below, as of everything else that is no object.
  }
  throw paramError('请求体不是合法的JSON对象')
}

const json = (status: number, value: object): HttpAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
})

const WINDOW_MS = 300_000
const NAMES = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'] as const

type Credentials = Readonly<Record<(typeof NAMES)[number], string>>

/** Throws unless the request is signed by our merchant, now, for the first time, over exactly what arrived. */
export function authenticate(request: Received, { merchant, files, nonces, clock }: V3Context): void {
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
  if (!nonces.use(given.nonce_str, clock.now())) throw signError('随机串已被使用')
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
