import { systemClock, systemRandom } from '../../../shared/clock.js'
import { Agenda } from './agenda.js'
import { alipay } from './alipay/index.js'
import { localAuthority, merchantFiles, privatePem } from './certificates/index.js'
import type { Received, World } from './contract.js'
import { handleControl, isControl } from './controls.js'
import { Deliveries } from './deliveries.js'
import { Exchange } from './exchange.js'
import { Faults } from './faults.js'
import { localApp, localMerchant } from './identity.js'
import type { LocalPlatforms, LocalPlatformsOptions } from './localPlatforms.js'
import { People } from './people.js'
import { platformControls } from './routes.js'
import { type Identity, listen, listenSecurely } from './server.js'
import { runningPlatforms } from './surface.js'
import { weixin } from './weixin/index.js'
import { newLedger } from './weixin-pay/index.js'
import { weixinPayV2 } from './weixin-pay-v2/index.js'
import { weixinPayV3 } from './weixin-pay-v3/index.js'

const NOTICE_TIMEOUT_MS = 5000

/** Starts the local platforms on loopback. Rejects when a port is taken or the host is not this machine. */
export async function startLocalPlatforms(options: LocalPlatformsOptions = {}): Promise<LocalPlatforms> {
  const { port = 0, securePort = 0, host = '127.0.0.1', provider = 'weixin-v2' } = options
  const parts = assemble(options)
  const { clock } = parts.world
  const handle = async (request: Received) =>
    isControl(request) ? handleControl(controls, request) : parts.exchange.handle(request)
  const plain = await listen({ host, port, clock }, handle)
  const secure = await listenSecurely({ host, port: securePort, clock }, tlsIdentity, handle).catch(
    (error: unknown) => plain.close().then(() => Promise.reject(error)),
  )
  const platforms = runningPlatforms({ ...parts, provider, host, plain, secure })
  const controls = platformControls(platforms, parts.apis)
  return platforms
}

function tlsIdentity(): Identity {
  const { pem, keys } = localAuthority()
  return { key: privatePem(keys), cert: pem, ca: pem }
}

export type Parts = ReturnType<typeof assemble>

/** The platforms and what they share. A further platform is one more line here. */
function assemble(options: LocalPlatformsOptions) {
  const { clock = systemClock, random = systemRandom, log = () => undefined } = options
  const faults = new Faults()
  const app = { ...localApp, ...options.app }
  const merchant = { ...localMerchant, ...options.merchant }
  const world: World = {
    clock,
    random,
    firstNumber: options.firstNumber ?? 1,
    app,
    merchant,
    files: merchantFiles(merchant.mchId),
    people: new People(app.appId, random),
    deliveries: new Deliveries(clock, faults, options.noticeTimeoutMs ?? NOTICE_TIMEOUT_MS, log),
    agenda: new Agenda(clock),
  }
  const books = { ...world, ledger: newLedger(world) }
  const mini = weixin(world)
  const v3 = weixinPayV3(books, options.verification ?? 'public-key')
  const wallet = alipay(world, options.alipay)
  const payments = [weixinPayV2(books), v3, wallet]
  const all = [mini, ...payments]
  const apis = all.flatMap((platform) => platform.apis)
  faults.offer([...apis, ...all.flatMap((platform) => platform.targets ?? [])])
  const exchange = new Exchange(apis, faults, log)
  return { world, ledger: books.ledger, faults, mini, v3, wallet, payments, all, apis, exchange }
}
