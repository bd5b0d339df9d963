import t from 'tap'
import { type Explored, explore } from './explore.js'
import { planted } from './plants.js'
import { beginnings } from './start.js'
import { stories } from './stories.js'
import { alipayWire } from './wires/alipay.js'
import { weixinV2Wire } from './wires/weixinV2.js'
import { weixinV3Wire } from './wires/weixinV3.js'

/**
 * The product's own functions, over a store in memory and a platform in this process, in every order in which calls,
 * notices, crashes and lost answers can come, to a depth that is printed. `MODEL_DEPTH=1` goes one step further in
 * everything, `2` two.
 */

const env = { NOTIFY_BASE_URL: 'https://shop.example.com/pay', EVENT_TARGET: 'function:onPayment' }

const wires = { 'weixin-v2': weixinV2Wire(), 'weixin-v3': weixinV3Wire(), alipay: alipayWire() }

const further = Number(process.env.MODEL_DEPTH ?? 0)

const described = ({ states, transitions, byDepth, healed }: Explored, depth: number, ms: number): string =>
  `${states} states and ${transitions} transitions to depth ${depth} (${byDepth.join(' + ')}), ` +
  `${healed} healed, ${(ms / 1000).toFixed(1)} s`

for (const [provider, wire] of Object.entries(wires)) {
  t.test(provider, async (t) => {
    for (const { name, from, left, depths, settings } of stories) {
      const setting = { wire: { ...wire, env: { ...wire.env, ...env, ...settings } } }
      const depth = depths[wire.provider] + further
      if (depth === 0) continue
      const first = await beginnings(setting, left)
      for (const place of from) {
        const before = process.cpuUsage()
        const explored = await explore(setting, first[place], { depth, flights: 2 })
        const { user } = process.cpuUsage(before)
        t.comment(`${provider}, ${name}, from ${place}: ${described(explored, depth, user / 1000)}`)
        t.strictSame(explored.found, [], `${name}, from ${place}`)
      }
    }
  })
}

t.test('faults that are built in are found', async (t) => {
  const wire = { ...wires['weixin-v2'], env: { ...wires['weixin-v2'].env, ...env } }
  for (const { what, plant, from, depth, as, left } of planted) {
    const first = await beginnings({ wire }, left)
    const { found, states } = await explore({ wire, plant }, first[from], { depth, flights: 2, until: as })
    const seen = found.find(({ problem }) => as.test(problem))
    t.ok(seen, `${what}: ${JSON.stringify(seen ?? found)}, after ${states} states`)
  }
})
