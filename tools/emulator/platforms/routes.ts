import type { Api } from './contract.js'
import { type Controls, optionalCount, optionalList, optionalText, textOf } from './controls.js'
import { faultMeanings, isFault } from './faults.js'
import type { Delivery } from './notice.js'
import { type OrderInfo, type PayOptions, providerNames, refundOutcomes } from './payment.js'
import type { Twin } from './twin.js'
import type { PushMode } from './weixin/push.js'
import type { PushFormat } from './weixin/pushText.js'

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

function push(twin: Twin, input: Input): Promise<Delivery> {
  const { message } = input
  if (typeof message !== 'object' || message === null) throw new Error('message: expected the fields to push')
  const [mode] = oneOf(modes, input, 'mode')
  const [format] = oneOf(formats, input, 'format')
  const options = { ...(mode ? { mode } : {}), ...(format ? { format } : {}) }
  return twin.push(textOf(input, 'url'), { ...message }, options)
}

function orderFault(twin: Twin, input: Input): void {
  const { fault } = input
  if (!isFault(fault)) throw new Error(`fault: expected one of ${Object.keys(faultMeanings).join(', ')}`)
  twin.faults.next(textOf(input, 'api'), fault, optionalCount(input, 'times'))
}

function oneOf<Word extends string>(words: readonly Word[], input: Input, name: string): Word[] {
  const given = optionalText(input, name)
  const known = words.filter((word) => word === given)
  if (given === undefined || known.length > 0) return known
  throw new Error(`${name}: expected one of ${words.join(', ')}`)
}

/** Everything a twin offers to those outside its process, as JSON. */
export function twinControls(twin: Twin, apis: readonly Api[]): Controls {
  const controls: Controls = {
    'GET /twin': () => ({
      apis: apis.map(({ name, path, faults }) => ({ name, path, faults })),
      controls: Object.keys(controls),
      faults: faultMeanings,
    }),
    'GET /twin/settings': (input) => twin.settings(...oneOf(providerNames, input, 'provider')),
    'GET /twin/state': () => twin.state(),
    'GET /twin/requests': () =>
      twin.requests.map((request) => ({ ...request, body: request.body.toString() })),
    'POST /twin/login': (input) => {
      const name = textOf(input, 'name')
      return { code: twin.login(name), openid: twin.openid(name) }
    },
    'POST /twin/alipay/login': (input) => {
      const name = textOf(input, 'name')
      return { code: twin.alipay.login(name), openid: twin.alipay.openid(name) }
    },
    'POST /twin/alipay/open-cashier': (input) => twin.alipay.openCashier(orderInfo(input)),
    'POST /twin/alipay/phone-number': (input) => twin.alipay.phoneNumber(textOf(input, 'name')),
    'POST /twin/alipay/rotate-certificate': () => ({ certSn: twin.alipay.rotateCertificate() }),
    'POST /twin/pay': (input) => twin.pay(textOf(input, 'order'), payer(input)),
    'POST /twin/request-payment': (input) => twin.requestPayment(orderInfo(input), payer(input)),
    'POST /twin/settle-refund': (input) =>
      twin.settleRefund(textOf(input, 'outRefundNo'), ...oneOf(refundOutcomes, input, 'outcome')),
    'POST /twin/push': (input) => push(twin, input),
    'POST /twin/push-address': (input) => twin.checkPushAddress(textOf(input, 'url')),
    'POST /twin/redeliver': (input) =>
      twin.redeliver(textOf(input, 'outTradeNo'), optionalCount(input, 'times')),
    'GET /twin/platform-keys': () => twin.platformKeys(),
    'POST /twin/rotate-certificate': () => ({ serialNo: twin.rotateCertificate() }),
    'POST /twin/revoke-token': (input) =>
      twin.revokeToken(optionalText(input, 'token'), { stillIssued: input.stillIssued === true }),
    'POST /twin/faults': (input) => orderFault(twin, input),
    'POST /twin/faults/clear': () => twin.faults.clear(),
    'POST /twin/tick': () => twin.tick(),
  }
  return controls
}
