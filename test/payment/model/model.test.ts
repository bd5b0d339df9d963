import t from 'tap'
import { explore } from './explore.js'
import { planted } from './plants.js'
import { type Beginnings, beginnings } from './start.js'
import { alipayWire } from './wires/alipay.js'
import { weixinV2Wire } from './wires/weixinV2.js'
import { weixinV3Wire } from './wires/weixinV3.js'
import type { Left } from './world.js'

/**
 * The product's own functions, over a store in memory and a platform in this process, in every order in which calls,
 * notices, crashes and lost answers can come, to a depth that is printed. `MODEL_DEPTH=3` goes further.
 */

const env = { NOTIFY_BASE_URL: 'https://shop.example.com/pay', EVENT_TARGET: 'function:onPayment' }

const left: Left = {
  ...{ getOrderInfo: 1, notice: 2, orderQuery: 1, closeOrder: 1, refund: 2, refundQuery: 1, timer: 2 },
  ...{ crash: 1, loss: 1, switch: 1 },
}

const wires = [weixinV2Wire(), weixinV3Wire(), alipayWire()].map((wire) => ({
  ...wire,
  env: { ...wire.env, ...env },
}))

const more = Number(process.env.MODEL_DEPTH ?? 0)

for (const wire of wires) {
  t.test(wire.provider, async (t) => {
    const first = await beginnings({ wire }, left)
    for (const from of Object.keys(first) as (keyof Beginnings)[]) {
      const bounds = { depth: Math.max(2, more), flights: 2 }
      const startedAt = process.cpuUsage()
      const { found, states, transitions, byDepth, healed } = await explore({ wire }, first[from], bounds)
      const { user } = process.cpuUsage(startedAt)
      t.comment(
        `${wire.provider}, from ${from}: ${states} states, ${transitions} transitions to depth ${bounds.depth} ` +
          `(${byDepth.join(' + ')}), ${healed} healed, ${(user / 1e6).toFixed(1)} s`,
      )
      t.strictSame(found, [], from)
    }
  })
}

t.test('faults that are built in are found', async (t) => {
  const [wire] = wires
  if (!wire) return
  const first = await beginnings({ wire }, left)
  for (const { what, plant, from, depth, as, left: own = left } of planted) {
    const bounds = { depth, flights: 2, until: as }
    const { found, states } = await explore({ wire, plant }, { ...first[from], left: own }, bounds)
    const seen = found.find(({ problem }) => as.test(problem))
    t.ok(seen, `${what}: ${JSON.stringify(seen ?? found)}, after ${states} states`)
  }
})
