import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { type Clock, systemClock } from '../../shared/clock.js'
import { currentHost } from '../../shared/runtime/host.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { Store } from '../../shared/store/port.js'
import { startLocalCloud } from '../emulator/cloud/index.js'
import {
  type OrderInfo,
  type ProviderName,
  providerNames,
  startLocalPlatforms,
} from '../emulator/platforms/index.js'
import { type Call, capture } from './capture.js'
import type { Target } from './target.js'

/** The functions that anybody can reach by URL, as built, each behind its own entry. */

const require = createRequire(import.meta.url)

/** A kept order, whose notices are known, and one that nobody has paid; the same for refunds. */
const TOTAL = 1999
const PART = 500

export interface Doors {
  targets: Target[]
  close(): Promise<void>
}

type Entry = (event: object, context: object) => Promise<{ statusCode?: number; body?: string }>

/** Opens the doors over `dist`, the built functions. Time stands still at `now` (ms), so that what is signed stays fresh. */
export async function openDoors(dist: string, now: number): Promise<Doors> {
  const clock: Clock = { now: () => now, sleep: (ms, signal) => systemClock.sleep(ms, signal) }
  const changes: string[] = []
  const lines: string[] = []
  const store = watched(await openEmbeddedStore(), changes)
  const platforms = await startLocalPlatforms({ clock })
  const attacker = await capture()
  const env = { ...platforms.settings(...providerNames), ...platforms.pushSettings() }
  const cloud = await startLocalCloud({ dist, env, store, clock, log: (line) => lines.push(line) })
  const close = async () => {
    await cloud.close()
    await Promise.all([platforms.close(), attacker.close(), store.close()])
  }
  const serve = async (name: string, data: object) => {
    const answer = { ...((await currentHost().callFunction?.(name, data)) as Record<string, unknown>) }
    if (answer.errCode !== 0) throw new Error(`${name}: ${answer.errCode}: ${answer.errMsg}`)
    return answer
  }
  const entryOf = (name: string): Entry => {
    const { main } = require(resolve(dist, 'functions', name, 'index.js')) as { main: Entry }
    return (event, context) => main(event, context)
  }
  const context = {
    SOURCE: 'http',
    CLIENTIP: '127.0.0.1',
    requestId: 'fuzz',
    SPACEINFO: { provider: 'aliyun' },
  }
  const post = (entry: Entry, path: string, { headers, query, body }: Call) =>
    entry(
      {
        ...{ path, httpMethod: 'POST', headers, isBase64Encoded: true, body: body.toString('base64') },
        ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
      },
      context,
    )

  const doorOf = (name: string, entry: Entry, path: string, calls: readonly Call[]): Target => ({
    ...{ name, weight: 5, samples: calls.map(({ body }) => body) },
    async read(input, n, dice) {
      const call = calls[n] ?? calls[0]
      if (!call) return { wrong: 'there is no sample' }
      const names = Object.keys(call.headers)
      // A few are changed in a header, and not only in the body.
      const header = dice.happens(0.15) ? dice.oneOf(names) : undefined
      const headers = { ...call.headers }
      if (header !== undefined) headers[header] = dice.happens(0.5) ? dice.bytes(20).toString('latin1') : ''
      changes.length = 0
      lines.length = 0
      const answer = await post(entry, path, { ...call, headers, body: input })
      if (typeof answer.statusCode !== 'number')
        return { wrong: 'answered nothing that a sender understands' }
      const fallen = lines.find((line) => !line.startsWith('{') || line.includes('"SYSTEM_ERROR"'))
      if (fallen !== undefined) return { wrong: `fell: ${fallen.slice(0, 500)}` }
      if (changes.length > 0) return { wrong: `moved something: ${changes.join(', ')}` }
      return answer.statusCode === 200 && !/FAIL|fail/.test(answer.body ?? '') ? undefined : 'refused'
    },
  })

  const noticesOf = async (provider: ProviderName) => {
    const isAlipay = provider === 'alipay'
    const openid = isAlipay ? platforms.alipay.openid('alice') : platforms.openid('alice')
    const clientType = isAlipay ? 'mp-alipay' : 'mp-weixin'
    const about = { outTradeNo: `fuzz_${provider}`, notifyUrl: attacker.url }
    await serve('createOrder', {
      ...about,
      notifyUrl: undefined,
      openid,
      provider,
      totalFee: TOTAL,
      body: 'tea & <b>',
    })
    const { orderInfo } = await serve('getOrderInfo', { ...about, clientType })
    await platforms.requestPayment(orderInfo as OrderInfo)
    const payment = attacker.calls.splice(0)
    const merchantId = isAlipay ? platforms.alipay.account.appId : platforms.merchant.mchId
    const path = `/${provider}/${merchantId}`
    const [entry, refundEntry] = [entryOf('verifyPaymentNotify'), entryOf('verifyRefundNotify')]
    // Told once before: whatever is still believed later is the same message, and moves nothing.
    for (const call of payment) await post(entry, path, call)
    if (isAlipay) platforms.faults.next('alipay.trade.refund', 'unfinished')
    await serve('refund', { ...about, outRefundNo: `${about.outTradeNo}R`, refundFee: PART })
    await platforms.finishRefund(`${about.outTradeNo}R`)
    const refund = attacker.calls.splice(0)
    for (const call of refund) await post(refundEntry, path, call)
    return [
      doorOf(`payment notice of ${provider}`, entry, path, payment),
      doorOf(`refund notice of ${provider}`, refundEntry, path, refund),
    ]
  }

  try {
    const targets: Target[] = []
    for (const provider of providerNames) targets.push(...(await noticesOf(provider)))
    const push = entryOf('messageNotify')
    for (const format of ['json', 'xml'] as const) {
      const fields = {
        MsgType: 'event',
        Event: 'user_enter_tempsession',
        FromUserName: 'oAlice',
        SessionFrom: 'x',
      }
      await platforms.push(attacker.url, fields, { mode: 'safe', format })
    }
    const path = `/${platforms.app.appId}`
    const pushes = attacker.calls.splice(0)
    for (const call of pushes) await post(push, path, call)
    targets.push(doorOf('message push', push, path, pushes))
    return { targets, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The store, with what changes in it written down: orders that are written, and records of messages that are new. A
 * refused message may be kept, in its bounded room; V2's refund notices, which carry no signature, are kept until
 * WeChat Pay was asked.
 */
function watched(store: Store, changes: string[]): Store {
  const { orders, notices } = store
  return {
    ...store,
    orders: {
      ...orders,
      create: (order) => {
        changes.push(`created ${order.outTradeNo}`)
        return orders.create(order)
      },
      replace: (order) => {
        changes.push(`wrote ${order.outTradeNo}`)
        return orders.replace(order)
      },
    },
    notices: {
      ...notices,
      async receive(notice) {
        const known = await notices.find(notice.id)
        const isUnproven = notice.confirmAt !== undefined
        if (!known && !isUnproven) changes.push(`took ${notice.id}`)
        return notices.receive(notice)
      },
    },
    close: () => store.close(),
  }
}
