import { canonical } from '../../shared/alipay/signature.js'
import { rememberedCertificates } from '../../shared/certificates/source.js'
import { systemRandom } from '../../shared/clock.js'
import type { HttpAnswer, HttpRequest } from '../../shared/http/http.js'
import type { HttpCall } from '../../shared/operation/index.js'
import { alipay } from '../../shared/payment/alipay/index.js'
import type { PaymentProvider } from '../../shared/payment/provider.js'
import { weixinV2 } from '../../shared/payment/weixin-v2/index.js'
import { weixinV3 } from '../../shared/payment/weixin-v3/index.js'
import { merchantFiles } from '../../tools/emulator/platforms/certificates/index.js'
import { keyApp, platform, SELLER_ID, signWith } from '../alipay/fixtures.js'
import { handClock } from '../support/clock.js'
import { APP_ID, KEY, MCH_ID } from './house.js'
import { paid, signedXml } from './weixin-v2/message.js'
import { noticeBody, noticeCall, refundResource, transaction } from './weixin-v3/messages.js'
import { merchantAt, publicKeySigner, vouch } from './weixin-v3/platform.js'

/** Amounts as the wire writes them: of the order, what of it was paid, and what is given back. */
export interface Words {
  total: string
  cash: string
  refund: string
}

/** A provider of ours with a payment system around it that keeps what it is asked and says what it is told. */
interface Wire {
  provider: PaymentProvider
  /** An amount in fen as this wire writes it. */
  written(fen: number): string
  /** Where in the text of a request the amounts stand. */
  total: RegExp
  refund: RegExp
  /** The text of the last request. */
  asked(): string
  /** What every call is answered from now on. */
  say(words: Words): void
  notice(words: Words): HttpCall
}

export const NUMBERS = {
  outTradeNo: 'order20260131',
  transactionId: '4200000985202601310000000001',
  outRefundNo: 'refund1',
}

type Answer = (words: Words, request: HttpRequest) => string
type Plan = Omit<Wire, 'provider' | 'asked' | 'say'> & {
  answer: Answer
  headers?(body: string): HttpAnswer['headers']
}

const clock = handClock()
const call = (headers: Record<string, string>, body: string): HttpCall => ({
  ...{ method: 'POST', path: '/', query: {}, headers, rawBody: Buffer.from(body) },
})

function wire(plan: Plan, open: (dependencies: Parameters<typeof weixinV2>[1]) => PaymentProvider): Wire {
  let said: Words = { total: '', cash: '', refund: '' }
  let asked = ''
  const http = {
    async request(request: HttpRequest): Promise<HttpAnswer> {
      asked = String(request.body ?? '')
      const body = plan.answer(said, request)
      return { status: 200, headers: plan.headers?.(body) ?? {}, body: Buffer.from(body) }
    },
  }
  const dependencies = {
    http,
    clock,
    random: systemRandom,
    timeLeft: () => 20_000,
    upstream: () => undefined,
  }
  const say = (words: Words) => {
    said = words
  }
  return { ...plan, provider: open(dependencies), asked: () => asked, say }
}

const digits = (fen: number): string => String(BigInt(fen))

const { outTradeNo: out_trade_no, transactionId: transaction_id, outRefundNo: out_refund_no } = NUMBERS

const v2Fields = ({ total, cash, refund }: Words) => ({
  ...paid({ out_trade_no, transaction_id, total_fee: total, cash_fee: cash, trade_state: 'SUCCESS' }),
  ...{ prepay_id: 'wx1', out_refund_no, refund_id: '50000', refund_fee: refund, refund_count: '1' },
  ...{
    out_refund_no_0: out_refund_no,
    refund_id_0: '50000',
    refund_fee_0: refund,
    refund_status_0: 'SUCCESS',
  },
})

function v2(): Wire {
  const { cert, key: certKey } = merchantFiles(MCH_ID)
  const apps = [{ appId: APP_ID, kind: 'mp' }] as const
  const merchant = {
    mchId: MCH_ID,
    apps,
    baseUrl: 'https://localhost',
    key: KEY,
    signType: 'MD5',
    cert,
    certKey,
  }
  const plan: Plan = {
    written: digits,
    total: /<total_fee>(?:<!\[CDATA\[)?([^<\]]*)/,
    refund: /<refund_fee>(?:<!\[CDATA\[)?([^<\]]*)/,
    answer: (words) => signedXml(v2Fields(words)),
    notice: (words) => call({}, signedXml(v2Fields(words))),
  }
  return wire(plan, (dependencies) => weixinV2({ ...merchant, signType: 'MD5' }, dependencies))
}

/** As text, since a number that a test writes would be JavaScript's too. */
const v3Text = (fields: object, { total, cash, refund }: Words): string =>
  JSON.stringify({ ...fields, amount: 'AMOUNTS' }).replace(
    '"AMOUNTS"',
    `{"total":${total},"payer_total":${cash},"refund":${refund},"currency":"CNY"}`,
  )

function v3(): Wire {
  const fields = { ...transaction, ...refundResource, status: 'SUCCESS', prepay_id: 'wx1' }
  const plan: Plan = {
    written: digits,
    total: /"total":([^,}]*)/,
    refund: /"refund":([^,}]*)/,
    answer: (words) => v3Text(fields, words),
    headers: (body) => vouch(publicKeySigner, body, clock.now()),
    notice: (words) =>
      noticeCall(noticeBody('payment', { text: v3Text(transaction, words) }), { at: clock.now() }),
  }
  return wire(plan, (dependencies) =>
    weixinV3(merchantAt('https://localhost'), dependencies, rememberedCertificates()),
  )
}

/** Yuan by whole numbers alone, so that no mistake of `shared/money` is made here again. */
export const yuan = (fen: number): string =>
  `${BigInt(fen) / 100n}.${String(BigInt(fen) % 100n).padStart(2, '0')}`

function ali(): Wire {
  const app = keyApp()
  const trade = { out_trade_no, trade_no: transaction_id, trade_status: 'TRADE_SUCCESS' }
  const said = ({ total, cash }: Words) => ({ ...trade, total_amount: total, buyer_pay_amount: cash })
  const plan: Plan = {
    written: yuan,
    total: /"total_amount":"([^"]*)"/,
    refund: /"refund_amount":"([^"]*)"/,
    answer(words, { url }) {
      const method = new URL(url).searchParams.get('method') ?? ''
      const refund = {
        refund_amount: words.refund,
        refund_fee: words.refund,
        refund_status: 'REFUND_SUCCESS',
      }
      const value = JSON.stringify({ code: '10000', fund_change: 'Y', ...said(words), ...refund })
      const sign = signWith(platform.privateKey, value)
      return `{"${method.replaceAll('.', '_')}_response":${value},"sign":"${sign}"}`
    },
    notice(words) {
      const about = { app_id: app.appId, seller_id: SELLER_ID, charset: 'utf-8', sign_type: 'RSA2' }
      const fields = { ...about, notify_type: 'trade_status_sync', ...said(words) }
      const sign = signWith(platform.privateKey, canonical(Object.entries(fields), ['sign_type']))
      const form = new URLSearchParams({ ...fields, sign })
      return call({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, String(form))
    },
  }
  const made = wire(plan, (dependencies) => alipay(app, dependencies))
  return { ...made, asked: () => new URLSearchParams(made.asked()).get('biz_content') ?? '' }
}

export const wires = { 'weixin-v2': v2, 'weixin-v3': v3, alipay: ali } as const
