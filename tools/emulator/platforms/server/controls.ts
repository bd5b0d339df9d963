import type { Api, Control, HttpAnswer, Received } from '../contract.js'
import type { Delivery } from '../deliveries/notice.js'
import { faultMeanings, isFault } from '../faults.js'
import type { LocalPlatforms } from '../localPlatforms.js'
import { type OrderInfo, type PayOptions, providerNames, refundOutcomes } from '../payment.js'
import type { PushFormat } from '../weixin/push/format.js'
import type { PushMode } from '../weixin/push/push.js'
import type { Outcome } from './http.js'

type Input = Readonly<Record<string, unknown>>

function payer(input: Input): PayOptions {
  const openid = optionalText(input, 'openid')
  const couponFee = optionalCount(input, 'couponFee')
  const coupons = optionalList(input, 'coupons')?.map((fee) => optionalCount({ fee }, 'fee') ?? 0)
  return {
    ...(openid ? { openid } : {}),
    ...(couponFee ? { couponFee } : {}),
    ...(coupons ? { coupons } : {}),
  }
}

function orderInfo({ orderInfo: given }: Input): OrderInfo {
  if (typeof given === 'string') return given
  if (typeof given === 'object' && given !== null) return { ...given }
  throw new Error('orderInfo: expected the client parameters')
}

const modes: readonly PushMode[] = ['safe', 'compatible', 'plain']
const formats: readonly PushFormat[] = ['json', 'xml']

function push(platforms: LocalPlatforms, input: Input): Promise<Delivery> {
  const { message } = input
  if (typeof message !== 'object' || message === null) throw new Error('message: expected the fields to push')
  const [mode] = oneOf(modes, input, 'mode')
  const [format] = oneOf(formats, input, 'format')
  const options = { ...(mode ? { mode } : {}), ...(format ? { format } : {}) }
  return platforms.push(textOf(input, 'url'), { ...message }, options)
}

function orderFault(platforms: LocalPlatforms, input: Input): void {
  const { fault } = input
  if (!isFault(fault)) throw new Error(`fault: expected one of ${Object.keys(faultMeanings).join(', ')}`)
  platforms.faults.next(textOf(input, 'api'), fault, optionalCount(input, 'times'))
}

function oneOf<Word extends string>(words: readonly Word[], input: Input, name: string): Word[] {
  const given = optionalText(input, name)
  const known = words.filter((word) => word === given)
  if (given === undefined || known.length > 0) return known
  throw new Error(`${name}: expected one of ${words.join(', ')}`)
}

/** Everything the local platforms offer to those outside its process, as JSON. */
export function platformControls(platforms: LocalPlatforms, apis: readonly Api[]): Controls {
  const controls: Controls = {
    'GET /twin': () => ({
      apis: apis.map(({ name, path, faults }) => ({ name, path, faults })),
      controls: Object.keys(controls),
      faults: faultMeanings,
    }),
    'GET /twin/settings': (input) => platforms.settings(...oneOf(providerNames, input, 'provider')),
    'GET /twin/files': () => ({
      pfx: platforms.files.pfx().toString('base64'),
      cert: platforms.files.cert,
      key: platforms.files.key,
      authority: platforms.files.authority,
    }),
    'GET /twin/state': () => platforms.state(),
    'GET /twin/requests': () =>
      platforms.requests.map((request) => ({ ...request, body: request.body.toString() })),
    'POST /twin/login': (input) => {
      const name = textOf(input, 'name')
      return { code: platforms.login(name), openid: platforms.openid(name) }
    },
    'POST /twin/phone-number': (input) => platforms.phoneNumber(textOf(input, 'name')),
    'POST /twin/alipay/login': (input) => {
      const name = textOf(input, 'name')
      return { code: platforms.alipay.login(name), openid: platforms.alipay.openid(name) }
    },
    'POST /twin/alipay/open-cashier': (input) => platforms.alipay.openCashier(orderInfo(input)),
    'POST /twin/alipay/phone-number': (input) => platforms.alipay.phoneNumber(textOf(input, 'name')),
    'POST /twin/alipay/rotate-certificate': () => ({ certSn: platforms.alipay.rotateCertificate() }),
    'POST /twin/pay': (input) => platforms.pay(textOf(input, 'order'), payer(input)),
    'POST /twin/request-payment': (input) => platforms.requestPayment(orderInfo(input), payer(input)),
    'POST /twin/finish-refund': (input) =>
      platforms.finishRefund(textOf(input, 'outRefundNo'), ...oneOf(refundOutcomes, input, 'outcome')),
    'POST /twin/push': (input) => push(platforms, input),
    'POST /twin/push-address': (input) => platforms.checkPushAddress(textOf(input, 'url')),
    'POST /twin/redeliver': (input) =>
      platforms.redeliver(textOf(input, 'outTradeNo'), optionalCount(input, 'times')),
    'GET /twin/platform-keys': () => platforms.platformKeys(),
    'POST /twin/rotate-certificate': () => ({ serialNo: platforms.rotateCertificate() }),
    'POST /twin/revoke-token': (input) =>
      platforms.revokeToken(optionalText(input, 'token'), { stillIssued: input.stillIssued === true }),
    'POST /twin/faults': (input) => orderFault(platforms, input),
    'POST /twin/faults/clear': () => platforms.faults.clear(),
    'POST /twin/tick': () => platforms.tick(),
  }
  return controls
}

export type Controls = Readonly<Record<string, Control>>

/** The controls under `/twin`: `GET /twin/state`, `POST /twin/pay` with a JSON object, and so on. */
export async function handleControl(controls: Controls, request: Received): Promise<Outcome> {
  if (isOfPage(request)) return { answer: json(403, { error: 'controls are for programs, not for pages' }) }
  const control = controls[`${request.method} ${request.path}`]
  if (!control) return { answer: json(404, { error: 'no such control', controls: Object.keys(controls) }) }
  try {
    return { answer: json(200, (await control(inputOf(request))) ?? { ok: true }) }
  } catch (error) {
    return { answer: json(400, { error: error instanceof Error ? error.message : String(error) }) }
  }
}

/**
 * Whether a page of another origin makes its browser ask: such a request carries `Origin` or tells of its site, and
 * needs to read no answer to do harm. An address that somebody typed is nobody's page.
 */
const isOfPage = ({ headers: { origin, 'sec-fetch-site': site = 'none' } }: Received): boolean =>
  origin !== undefined || !/^(none|same-origin)$/.test(site)

export const isControl = ({ path }: Received): boolean => path === '/twin' || path.startsWith('/twin/')

function inputOf({ body, query }: Received): Record<string, unknown> {
  if (body.length === 0) return { ...query }
  const value: unknown = JSON.parse(body.toString('utf8'))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new Error('expected a JSON object')
}

const json = (status: number, value: unknown): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value, null, 2),
})

export function textOf(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${name}: expected a text`)
}

export function optionalText(input: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return input[name] === undefined ? undefined : textOf(input, name)
}

export function optionalList(
  input: Readonly<Record<string, unknown>>,
  name: string,
): readonly unknown[] | undefined {
  const value = input[name]
  if (value === undefined || Array.isArray(value)) return value
  throw new Error(`${name}: expected a list`)
}

export function optionalCount(input: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = input[name]
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0))
    return value
  throw new Error(`${name}: expected a whole number`)
}
