import { MINUTE_MS } from '../../../../shared/clock.js'
import type { Api, HttpAnswer, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import type { SignType } from './account.js'
import type { AlipayContext, Entry } from './entry.js'
import { type Charset, charsetNamed, type Fields, readForm } from './form.js'
import {
  decryptContent,
  type GatewayAnswer,
  isSigned,
  signatureFaults,
  signedText,
  writeAnswer,
} from './message.js'
import {
  AlipayRefusal,
  beijingTime,
  businessFailure,
  type Content,
  checkRules,
  GatewayRefusal,
  invalid,
  missing,
  wrongParameter,
} from './rules.js'

const PATH = '/gateway.do'

const faults: readonly Fault[] = [
  ...(['busy', 'busy-acted', 'denied', 'timeout', 'lost', 'html', 'truncated'] as const),
  ...signatureFaults,
  'wrong-amount',
]

const keyOf = (method: string): string => `${method.replaceAll('.', '_')}_response`

/** Makes an endpoint of a table's entry: application, time, signature and parameters are checked before it works. */
export const alipayApi = (entry: Entry, context: AlipayContext): Api => ({
  name: entry.method,
  path: PATH,
  faults: [...faults, ...(entry.faults ?? [])],
  serves: (request) => methodOf(request) === entry.method,
  answer: (request, fault) => answerOf(entry, request, context, fault),
})

/** For everything else that comes to the gateway. */
export const noSuchMethod = (context: AlipayContext): Api => ({
  name: 'alipay.gateway',
  path: PATH,
  faults: [],
  answer: (request) => answerOf(undefined, request, context, undefined),
})

function answerOf(
  entry: Entry | undefined,
  request: Received,
  context: AlipayContext,
  fault: Fault | undefined,
): HttpAnswer {
  const params = paramsOf(request)
  const plain = { charset: 'utf-8', isEncrypted: false } as const
  let checked: Omit<CheckedRequest, 'content'> = plain
  const written = (key: string, fields: object, isSigned: boolean) => {
    const { charset, isEncrypted } = checked
    return writeAnswer(
      { key, fields, isSigned, charset, isEncrypted, fault } satisfies GatewayAnswer,
      context,
    )
  }
  try {
    const call = checkRequest(params, entry !== undefined, context)
    checked = call
    if (!entry) throw new Error('an unknown method was checked')
    return written(
      keyOf(entry.method),
      performed(entry, { request, params, content: call.content }, context, fault),
      true,
    )
  } catch (error) {
    if (!(error instanceof AlipayRefusal)) throw error
    if (error instanceof GatewayRefusal || !entry) return written('error_response', error.fields, false)
    return written(entry.isOld ? 'error_response' : keyOf(entry.method), error.fields, fault !== 'denied')
  }
}

function performed(
  entry: Entry,
  call: Parameters<Entry['answer']>[0],
  context: AlipayContext,
  fault: Fault | undefined,
): object {
  if (fault === 'busy') throw new AlipayRefusal('20000', 'isp.unknow-error', '服务暂不可用（业务系统不可用）')
  if (fault === 'denied') throw businessFailure('ACQ.TRADE_NOT_EXIST', '交易不存在')
  if (fault === 'no-funds') throw businessFailure('ACQ.SELLER_BALANCE_NOT_ENOUGH', '卖家余额不足')
  checkRules(entry.params ?? {}, call.params, entry.otherwise)
  checkRules(entry.content ?? {}, call.content, entry.otherwise)
  const { only } = entry
  const unknown = only && Object.keys(call.content).find((name) => !only.includes(name))
  if (unknown !== undefined) throw wrongParameter(unknown)
  const fields = entry.answer(call, context, fault)
  if (fault === 'busy-acted') throw businessFailure('ACQ.SYSTEM_ERROR', '系统错误')
  return entry.isOld ? fields : { code: '10000', msg: 'Success', ...fields }
}

/** A machine whose clock or time zone is wrong is further off than this. */
const WINDOW_MS = 15 * MINUTE_MS

const queryOf = ({ target }: Received): string => target.split('?')[1] ?? ''

/** In which method's name a request comes, before anything else is known of it. */
export const methodOf = (request: Received): string | undefined =>
  readForm(queryOf(request), 'utf-8').method ?? readForm(request.body.toString('latin1'), 'utf-8').method

/**
 * All parameters of a request. The body is read in the charset that the query names, else in the one of the content
 * type; without either it is GBK, and what was written in UTF-8 then no longer is what was signed.
 */
export function paramsOf(request: Received): Fields {
  const inQuery = readForm(queryOf(request), 'utf-8').charset
  const inType = /;\s*charset="?([\w-]+)/i.exec(request.headers['content-type'] ?? '')?.[1]
  const charset = charsetNamed(inQuery ?? inType ?? 'gbk') ?? 'gbk'
  return Object.assign(
    Object.create(null),
    readForm(request.body.toString('latin1'), charset),
    readForm(queryOf(request), charset),
  )
}

export interface CheckedRequest {
  charset: Charset
  content: Content
  /** Whether the content came encrypted, and the answer has to be. */
  isEncrypted: boolean
}

/** Throws a GatewayRefusal unless the request is our application's, made now, and signed as it stands. */
export function checkRequest(params: Fields, isKnownMethod: boolean, context: AlipayContext): CheckedRequest {
  checkApplication(params, context)
  if (!params.method) throw missing('method', '方法名')
  if (!isKnownMethod) throw invalid('invalid-method', '不存在的方法名')
  if (!params.version) throw missing('version', '版本')
  if (params.version !== '1.0') throw invalid('invalid-parameter', '参数无效：version')
  if (params.format && params.format.toUpperCase() !== 'JSON')
    throw invalid('invalid-format', '无效的数据格式')
  const charset = charsetNamed(params.charset ?? '')
  if (!charset) throw invalid('invalid-charset', '字符集错误')
  checkTime(params, context)
  checkSignature(params, charset, context)
  const { encrypt_type: encryption, biz_content: text = '' } = params
  if (encryption && encryption !== 'AES') throw invalid('invalid-encrypt-type', '无效的加密类型')
  const content = parsed(encryption ? decryptContent(text, context.account) : text)
  return { charset, content, isEncrypted: encryption === 'AES' }
}

function checkApplication({ app_id: appId }: Fields, { account }: AlipayContext): void {
  if (!appId) throw missing('app-id', 'appId')
  if (appId !== account.appId) throw invalid('invalid-app-id', '无效的AppID参数')
}

function checkTime({ timestamp }: Fields, { clock }: AlipayContext): void {
  if (!timestamp) throw missing('timestamp', '时间戳')
  const at = beijingTime(timestamp)
  if (at === undefined || Math.abs(clock.now() - at) > WINDOW_MS) {
    throw invalid('invalid-timestamp', '非法的时间戳参数')
  }
}

const isSignType = (text: string): text is SignType => text === 'RSA2' || text === 'RSA'

/** Also of an order string that never passes the gateway. */
export function checkSignature(params: Fields, charset: Charset, { keys, agreement }: AlipayContext): void {
  const { sign_type: type, sign } = params
  if (!type) throw missing('signature-type', '签名类型')
  if (!isSignType(type)) throw invalid('invalid-signature-type', '无效的签名类型')
  if (type !== agreement.signType)
    throw invalid('missing-signature-config', '应用未配置对应签名算法的公钥或者证书')
  if (!sign) throw missing('signature', '签名')
  checkNumbers(params, keys.certificateNumbers)
  if (isSigned(params, keys.application.publicKey, type, charset)) return
  const text = signedText(params).replaceAll('&', '&amp;')
  const advice = '验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配'
  throw invalid('invalid-signature', `${advice}，网关生成的验签字符串为：${text}`)
}

function checkNumbers(params: Fields, wanted: { app: string; root: string } | undefined): void {
  if (!wanted) return
  const { app_cert_sn: app, alipay_root_cert_sn: root } = params
  if (!app) throw invalid('missing-app-cert-sn', '缺少应用公钥证书序列号')
  if (!root) throw invalid('missing-alipay-root-cert-sn', '缺少支付宝根证书序列号')
  if (app !== wanted.app) throw invalid('app-cert-not-exist', '应用公钥证书不存在')
  if (root !== wanted.root) throw invalid('invalid-alipay-root-cert-sn', '无效支付宝根证书序列号')
}

function parsed(text: string): Content {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // GatewayAnswer below, as of everything else that is no object.
  }
  throw invalid('invalid-parameter', '参数无效：biz_content')
}
