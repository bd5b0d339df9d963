import { systemClock, systemRandom } from '../../shared/clock/index.js'
import { type PaymentPlatform, RequestPaymentError, type World } from './contract.js'
import { handleControl, isControl } from './controls.js'
import { Deliveries } from './deliveries.js'
import { Exchange } from './exchange.js'
import { Faults } from './faults.js'
import { localApp, localMerchant } from './identity.js'
import { People } from './people.js'
import { twinControls } from './routes.js'
import { listen, type TwinServer } from './server.js'
import type { Twin, TwinOptions } from './twin.js'
import { weixin } from './weixin/index.js'
import { weixinPayV2 } from './weixin-pay-v2/index.js'

const NOTICE_TIMEOUT_MS = 5000

/** Starts a twin on loopback. Rejects when the port is taken or the host is not this machine. */
export async function startTwin(options: TwinOptions = {}): Promise<Twin> {
  const { port = 0, host = '127.0.0.1' } = options
  const parts = assemble(options)
  const server = await listen({ host, port, clock: parts.world.clock }, async (request) =>
    isControl(request) ? handleControl(controls, request) : parts.exchange.handle(request),
  )
  const twin = twinOver(parts, server, `http://${host}:${server.port}`)
  const controls = twinControls(twin, parts.apis)
  return twin
}

/** The platforms and what they share. A further platform is one more line here. */
function assemble(options: TwinOptions) {
  const { clock = systemClock, random = systemRandom, log = () => undefined } = options
  const faults = new Faults()
  const app = { ...localApp, ...options.app }
  const world: World = {
    clock,
    random,
    app,
    merchant: { ...localMerchant, ...options.merchant },
    people: new People(app.appId, random),
    deliveries: new Deliveries(clock, faults, options.noticeTimeoutMs ?? NOTICE_TIMEOUT_MS, log),
  }
  const mini = weixin(world)
  const payments = [weixinPayV2(world)]
  const platforms = [mini, ...payments]
  const apis = platforms.flatMap((platform) => platform.apis)
  faults.offer([...apis, ...platforms.flatMap((platform) => platform.targets ?? [])])
  return { world, faults, mini, payments, platforms, apis, exchange: new Exchange(apis, faults, log) }
}

function twinOver(parts: ReturnType<typeof assemble>, server: TwinServer, url: string): Twin {
  const { world, faults, mini, payments, platforms, exchange } = parts
  const { people, deliveries } = world
  return {
    url,
    port: server.port,
    app: world.app,
    merchant: world.merchant,
    settings: () => Object.assign({}, ...platforms.map((platform) => platform.settings(url))),
    faults,
    requests: exchange.requests,
    get deliveries() {
      return deliveries.list()
    },
    openid: (name) => people.named(name).openid,
    login: mini.login,
    revokeToken: (token, { stillIssued = false } = {}) => mini.tokens.revoke(token, stillIssued),
    requestPayment: async (info, who = {}) =>
      firstOf(payments, (platform) => platform.requestPayment(info, who)),
    pay: async (order, who = {}) => firstOf(payments, (platform) => platform.pay(order, who)),
    redeliver: (outTradeNo, times) => deliveries.repeat(outTradeNo, times),
    tick: () => deliveries.tick(),
    state: () => ({
      ...Object.fromEntries(platforms.map((platform) => [platform.name, platform.state()])),
      deliveries: deliveries.list(),
      faults: faults.pending(),
    }),
    async close() {
      deliveries.close()
      await server.close()
    },
  }
}

function firstOf<Result>(
  payments: readonly PaymentPlatform[],
  ask: (platform: PaymentPlatform) => Promise<Result> | undefined,
): Promise<Result> {
  for (const platform of payments) {
    const result = ask(platform)
    if (result) return result
  }
  throw new RequestPaymentError('no such order here')
}
