import t from 'tap'
import { explore } from './explore.js'
import { planted } from './plants.js'
import { type Beginnings, beginnings } from './start.js'
import { weixinV2Wire } from './wires/weixinV2.js'
import type { Left } from './world.js'

/**
 * The product's own functions, over a store in memory and a platform in this process, in every order in which calls,
 * notices, crashes and lost answers can come, to a depth that is printed. `MODEL_DEPTH=5` goes further.
 */

const env = { NOTIFY_BASE_URL: 'https://shop.example.com/pay', EVENT_TARGET: 'function:onPayment' }

const left: Left = {
  ...{ getOrderInfo: 1, notice: 2, orderQuery: 1, closeOrder: 1, refund: 2, refundQuery: 1, timer: 2 },
  ...{ crash: 1, loss: 1, switch: 1 },
}

const wires = [weixinV2Wire()].map((wire) => ({ ...wire, env: { ...wire.env, ...env } }))

const plan: Readonly<Record<string, Readonly<Partial<Record<keyof Beginnings, number>>>>> = {
  'weixin-v2': { placed: 2, offered: 2, paid: 2, refunding: 2 },
}

const more = Number(process.env.MODEL_DEPTH ?? 0)

for (const wire of wires) {
  t.test(wire.provider, async (t) => {
    const first = await beginnings({ wire }, left)
    for (const [from, depth = 0] of Object.entries(plan[wire.provider] ?? {})) {
      const bounds = { depth: Math.max(depth, more), flights: 2 }
      const { found, ...explored } = await explore({ wire }, first[from as keyof Beginnings], bounds)
      t.comment(`${wire.provider}, ${from}: ${JSON.stringify(explored)}`)
      t.strictSame(found, [], from)
    }
  })
}

t.test('faults that are built in are found', async (t) => {
  const [wire] = wires
  if (!wire) return
  const first = await beginnings({ wire }, left)
  for (const { what, plant, from, depth, as } of planted) {
    const { found, states } = await explore({ wire, plant }, first[from], { depth, flights: 2, until: as })
    t.ok(
      found.some(({ problem }) => as.test(problem)),
      `${what}: ${found.map(({ problem, schedule }) => `${problem} (${schedule.join('; ')})`).join(', ')}, after ${states} states`,
    )
  }
})
