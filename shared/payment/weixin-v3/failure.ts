import { type Meaning, type OpenapiError, platformError } from '../../errors/index.js'
import type { HttpAnswer } from '../../http/http.js'
import type { ProviderDependencies } from '../provider.js'
import { requestId, unverified } from '../weixin/call.js'
import { type Fields, inner, parsedObject, text } from './fields.js'
import type { KeyRing, V3Merchant, VerificationFailure } from './signature.js'

/** WeChat Pay V3 spells some codes in several ways. */
interface V3Meaning extends Meaning {
  aliases?: readonly string[]
}

/**
 * V3's error codes. The code decides, not the HTTP status: OPENID_MISMATCH comes with 500 and never gets better.
 * Whatever is sent again must be sent with the same numbers and amounts.
 * Source: https://pay.weixin.qq.com/doc/v3/merchant/4012081606 and the error list of each API's page.
 */
export const errCodes: Readonly<Record<string, V3Meaning>> = {
  USERPAYING: { en: 'the payer is typing the password', zh: '用户支付中，需要输入密码', advice: 'wait' },
  PARAM_ERROR: { en: 'a parameter is wrong', zh: '参数错误', advice: 'fix the request' },
  INVALID_REQUEST: {
    en: 'the parameters break a rule, such as a number sent again with other parameters',
    zh: '请求参数符合参数格式，但不符合业务规则',
    advice: 'fix the request',
  },
  APPID_MCHID_NOT_MATCH: {
    en: 'the application is not bound to the merchant; bind it in the merchant console',
    zh: 'appid 和 mchid 不匹配，请在商户平台绑定',
    advice: 'fix the settings',
  },
  MCH_NOT_EXISTS: { en: 'the merchant id is unknown', zh: '商户号不存在', advice: 'fix the settings' },
  ORDER_CLOSED: {
    en: 'the order is closed; use a new outTradeNo',
    zh: '订单已关闭，请使用新的商户订单号',
    advice: 'fix the request',
    aliases: ['ORDERCLOSED'],
  },
  ORDER_PAID: {
    en: 'the order is paid already',
    zh: '订单已支付',
    advice: 'fix the request',
    aliases: ['ORDERPAID'],
  },
  NO_STATEMENT_EXIST: {
    en: 'there is no bill for that day',
    zh: '账单文件不存在',
    advice: 'fix the request',
  },
  STATEMENT_CREATING: { en: 'the bill is still being made', zh: '账单生成中，请稍后重试', advice: 'wait' },
  SIGN_ERROR: {
    en:
      'WeChat Pay could not verify our signature: check WEIXIN_PAY_PRIVATE_KEY and WEIXIN_PAY_SERIAL_NO, which belong ' +
      'together, and the clock of this server',
    zh: '签名错误，请检查商户私钥与证书序列号是否配对，以及服务器时间',
    advice: 'fix the settings',
  },
  NO_AUTH: {
    en: 'the merchant may not use this product, or risk control says no',
    zh: '商户无权限',
    advice: 'fix the settings',
    aliases: ['NOAUTH'],
  },
  TRADE_ERROR: { en: 'refused for a business reason', zh: '交易错误', advice: 'fix the request' },
  OUT_TRADE_NO_USED: {
    en: 'outTradeNo was used before with other parameters',
    zh: '商户订单号重复',
    advice: 'fix the request',
  },
  ACCOUNT_ERROR: {
    en: "something is wrong with the payer's account",
    zh: '账号异常',
    advice: 'ask the user',
    aliases: ['ACCOUNTERROR'],
  },
  RULE_LIMIT: { en: 'a rule forbids it', zh: '业务规则限制', advice: 'wait', aliases: ['RULELIMIT'] },
  NOT_ENOUGH: {
    en: "the merchant's balance is too small; top it up and send the same refund again",
    zh: '商户余额不足，充值后用原退款单号重试',
    advice: 'wait',
    aliases: ['NOTENOUGH'],
  },
  USER_ACCOUNT_ABNORMAL: {
    en: 'the account of the payer is gone; refund by other means',
    zh: '退款请求失败，用户账户注销',
    advice: 'ask the user',
  },
  REQUEST_BLOCKED: { en: 'risk control says no', zh: '请求被拦截', advice: 'contact the provider' },
  ORDER_NOT_EXIST: {
    en: 'there is no such order',
    zh: '订单不存在',
    advice: 'fix the request',
    aliases: ['ORDERNOTEXIST'],
  },
  RESOURCE_NOT_EXISTS: { en: 'there is no such thing', zh: '查询的资源不存在', advice: 'fix the request' },
  FREQUENCY_LIMITED: {
    en: 'too many requests; slow down',
    zh: '频率限制，请放慢',
    advice: 'wait',
    aliases: ['FREQUENCY_LIMIT_EXCEED', 'RATELIMIT_EXCEEDED', 'FREQUENCE_LIMITED'],
  },
  SYSTEM_ERROR: {
    en: 'WeChat Pay had a system error; query, then send the same numbers again',
    zh: '系统异常，请先查询，再用相同参数重试',
    advice: 'retry',
    outcome: 'unknown',
    aliases: ['SYSTEMERROR'],
  },
  BANK_ERROR: {
    en: 'the bank had an error; query, then send the same numbers again',
    zh: '银行系统异常，请先查询，再用相同参数重试',
    advice: 'retry',
    outcome: 'unknown',
    aliases: ['BANKERROR'],
  },
  OPENID_MISMATCH: {
    en: 'the openid does not belong to this application',
    zh: 'openid 和 appid 不匹配',
    advice: 'fix the request',
  },
  INVALID_TRANSACTIONID: {
    en: 'the transactionId is wrong',
    zh: '无效的微信支付订单号',
    advice: 'fix the request',
  },
}

/** What a code means, under whichever spelling; callers get the one spelling that the table has. */
function meaningOf(code: string): Meaning | undefined {
  const errCode = Object.keys(errCodes).find((known) => errCodes[known]?.aliases?.includes(code)) ?? code
  const meaning = Object.hasOwn(errCodes, errCode) ? errCodes[errCode] : undefined
  return meaning && { ...meaning, errCode }
}

/** With what an answer was verified. */
export interface Verifier {
  merchant: V3Merchant
  dependencies: ProviderDependencies
  known: KeyRing['known']
}

/**
 * An answer without a good signature. What it claims is passed on as a claim: it names most mistakes in settings. The
 * cause is for the log.
 */
export async function unverifiedAnswer(
  answer: HttpAnswer,
  { reason, detail }: VerificationFailure,
  { merchant, dependencies, known }: Verifier,
): Promise<OpenapiError> {
  const { diagnoseAnswer } = await import('../../diagnosis/index.js')
  const { explainAnswer, wrongPublicKey } = await import('./diagnosis.js')
  const cause = await diagnoseAnswer(dependencies, answer.body, async () =>
    explainAnswer({ merchant, known: await known(), now: dependencies.clock.now() }, answer, reason),
  )
  const why = detail === undefined ? reason : `${reason}, ${detail}`
  const claim = /"code"\s*:\s*"([A-Z_]{1,40})"/.exec(answer.body.subarray(0, 4096).toString('latin1'))?.[1]
  const { words } = refusalIn(answer)
  const meaning = claim === undefined ? undefined : meaningOf(claim)
  const claimed = claim === undefined ? '' : ` that claims ${claim}${meaning ? `: ${meaning.en}` : ''}`
  const key = wrongPublicKey(merchant, answer, reason)
  const what = `an answer that does not verify (${why}; HTTP ${answer.status})${claimed}${key ? `; ${key}` : ''}`
  const isOurs = key !== undefined || meaning?.advice === 'fix the settings'
  const failure = unverified(what, {
    ...{ answer, advice: isOurs ? 'fix the settings' : 'retry', cause },
    ...(claim === undefined ? {} : { words }),
  })
  if (key !== undefined && merchant.v3.publicKeys.length > 0) perhapsForged.add(failure)
  return failure
}

/** Failures that look like a wrong key in the settings, and may as well be somebody on the way. */
const perhapsForged = new WeakSet<OpenapiError>()

/** Whether another try may meet WeChat Pay itself: most mistakes in settings do not get better by asking again. */
export const mayBeGone = (failure: OpenapiError): boolean =>
  failure.advice === 'retry' || perhapsForged.has(failure)

/** What an authentic answer refuses with: by its code first, by its status where the code is new or missing. */
export function refused(answer: HttpAnswer): OpenapiError {
  const { code, brief, words } = refusalIn(answer)
  const nothing = `HTTP ${answer.status}`
  return platformError({
    errCode: code,
    source: 'WeChat Pay said',
    text: brief || nothing,
    words: words || nothing,
    meaning: meaningOf(code) ?? byStatus(answer.status),
    rid: requestId(answer),
  })
}

interface V3Refusal {
  code: string
  /** Its sentence, and the field that it is about. */
  brief: string
  /** Its sentence with all that it says about it: which field, where it stood, what it held, what is wrong with it. */
  words: string
}

function refusalIn({ body, status }: HttpAnswer): V3Refusal {
  const fields = parsedObject(body)
  if (!fields) return { code: `HTTP_${status}`, brief: '', words: body.toString('utf8').trim() }
  const { code: _code, message: _message, detail, ...others } = fields
  const message = textIn(fields, 'message')
  const field = textIn(inner(fields, 'detail'), 'field')
  return {
    code: textIn(fields, 'code') || `HTTP_${status}`,
    brief: joined(message, field),
    words: joined(message, written(detail), written(others)),
  }
}

const joined = (message: string, ...about: readonly string[]): string =>
  [message, ...about.filter(Boolean).map((part) => `(${part})`)].filter(Boolean).join(' ')

function textIn(fields: Fields, name: string): string {
  try {
    return text(fields, name) ?? ''
  } catch {
    return ''
  }
}

/** `/amount/currency, value: XYZ, location: body`, the field in front; what is nested stays JSON. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return asText(value ?? '')
  const { field, ...rest } = value as Fields
  const parts = Object.entries(rest).map(([name, part]) => `${name}: ${asText(part)}`)
  return [...(field === undefined ? [] : [asText(field)]), ...parts].join(', ')
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function byStatus(status: number): Pick<Meaning, 'advice' | 'outcome'> {
  if (status >= 500 || status < 400) return { advice: 'retry', outcome: 'unknown' }
  return { advice: status === 429 ? 'wait' : 'fix the request' }
}
