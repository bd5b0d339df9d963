import { join } from 'node:path'
import type { Test } from 'tap'
import { currentHost } from '../../../shared/runtime/host.js'
import { openEmbeddedStore } from '../../../shared/store/embedded/open.js'
import type { OrderRecord, PendingEvent } from '../../../shared/store/port.js'
import { startLocalCloud } from '../../../tools/emulator/cloud/index.js'
import {
  type LocalPlatforms,
  type OrderInfo,
  startLocalPlatforms,
} from '../../../tools/emulator/platforms/index.js'
import { type HandClock, handClock } from '../../support/clock.js'
import { type Merchant, merchant, THANKS } from '../../support/network/merchant.js'
import { type Answer, poster } from './post.js'
import { type Genuine, type Kind, type Letter, type Provider, providers } from './table.js'
import { written } from './written.js'

const dist = join(import.meta.dirname, '..', '..', '..', 'dist')

export const TOTAL = 1999
export const REFUND = 500

type Fields = Record<string, unknown>

/** The built functions behind the local cloud, local platforms that take the payment, and an attacker in between who gets its notices. */
export interface Stage {
  clock: HandClock
  /** Writes to the store so far, by name. */
  writes: string[]
  /** What the local cloud and functions logged. */
  lines: string[]
  post(letter: Letter): Promise<Answer>
  /** A fresh order, paid at the local platforms and, for a refund, known to be paid; the attacker has the notice. */
  genuine(provider: Provider, kind: Kind): Promise<Genuine>
  order(outTradeNo: string): Promise<OrderRecord | undefined>
  /** The events about the orders whose numbers begin like this. */
  told(outTradeNo: string): PendingEvent[]
}

export async function openStage(t: Test): Promise<Stage> {
  const clock = handClock()
  const { store, writes, events } = written(await openEmbeddedStore())
  const platforms = await startLocalPlatforms({ clock })
  const attacker = await merchant()
  const lines: string[] = []
  const env = platforms.settings(...providers)
  const cloud = await startLocalCloud({ dist, env, store, clock, log: (line) => lines.push(line) })
  t.teardown(async () => {
    await cloud.close()
    await platforms.close()
    await attacker.close()
    await store.close()
  })
  const post = poster(cloud.port)
  const order = async (outTradeNo: string) => (await store.orders.findByOutTradeNo(outTradeNo))[0]
  return {
    ...{ clock, writes, lines, post, order },
    genuine: captor({ clock, platforms, attacker, post }),
    told: (outTradeNo) => [...events.values()].filter(({ data }) => data.includes(`"${outTradeNo}`)),
  }
}

/** As one cloud function calls another. */
async function server(name: string, data: Fields): Promise<Fields> {
  const answer = { ...((await currentHost().callFunction?.(name, data)) as Fields | undefined) }
  if (answer.errCode !== 0) throw new Error(`${name}: ${JSON.stringify(answer)}`)
  return answer
}

interface Trap extends Pick<Stage, 'clock' | 'post'> {
  platforms: LocalPlatforms
  attacker: Merchant
}

const notifyFunctions = { payment: 'verifyPaymentNotify', refund: 'verifyRefundNotify' } as const

function captor({ clock, platforms, attacker, post }: Trap): Stage['genuine'] {
  let made = 0
  const caught = (provider: Provider, kind: Kind, outTradeNo: string): Genuine => {
    const [{ headers, body } = { headers: {}, body: '' }] = attacker.received.splice(0)
    const { 'content-length': _length, connection: _connection, host: _host, ...own } = headers
    const merchantId = provider === 'alipay' ? platforms.alipay.account.appId : platforms.merchant.mchId
    const path = `${notifyFunctions[kind]}/${provider}/${merchantId}`
    const sent = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)]))
    const letter: Letter = { method: 'POST', door: 'http', path, headers: sent, body: Buffer.from(body) }
    return { provider, kind, letter, outTradeNo, platforms, clock }
  }
  return async (provider, kind) => {
    made += 1
    const outTradeNo = `A${String(made).padStart(6, '0')}`
    const isAlipay = provider === 'alipay'
    const openid = isAlipay ? platforms.alipay.openid('alice') : platforms.openid('alice')
    const about = { outTradeNo, notifyUrl: attacker.notifyUrl }
    attacker.answer = { status: 200, body: isAlipay ? 'success' : THANKS }
    await server('createOrder', {
      ...{ outTradeNo, openid, provider, totalFee: TOTAL },
      ...{ body: '茶 50% off + <b>more</b> & "quoted"', attach: 'a=1&b=%41+<中>' },
    })
    const clientType = isAlipay ? 'mp-alipay' : 'mp-weixin'
    const { orderInfo } = await server('getOrderInfo', { ...about, clientType })
    await platforms.requestPayment(orderInfo as OrderInfo)
    const paid = caught(provider, 'payment', outTradeNo)
    if (kind === 'payment') return paid
    await post(paid.letter)
    if (isAlipay) platforms.faults.next('alipay.trade.refund', 'unfinished')
    await server('refund', { ...about, outRefundNo: `${outTradeNo}R`, refundFee: REFUND })
    await platforms.finishRefund(`${outTradeNo}R`)
    return caught(provider, 'refund', outTradeNo)
  }
}
