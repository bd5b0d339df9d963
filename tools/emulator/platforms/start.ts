import { systemClock, systemRandom } from '../../../shared/clock.js'
import { localApp, localMerchant } from './account.js'
import { alipay } from './alipay/index.js'
import { localAuthority, merchantFiles, privatePem } from './certificates/index.js'
import type { PlatformContext, Received } from './contract.js'
import { Deliveries } from './deliveries/deliveries.js'
import { Faults } from './faults.js'
import type { LocalPlatforms, LocalPlatformsOptions } from './localPlatforms.js'
import { type PaymentPlatform, type ProviderName, RequestPaymentError } from './payment.js'
import { Schedule } from './schedule.js'
import { handleControl, isControl, platformControls } from './server/controls.js'
import { Exchange } from './server/exchange.js'
import { type Identity, listen, listenSecurely, type PlatformServer } from './server/http.js'
import { WeixinUsers } from './users.js'
import { weixin } from './weixin/index.js'
import { newLedger } from './weixin-pay/index.js'
import { weixinPayV2 } from './weixin-pay-v2/index.js'
import { weixinPayV3 } from './weixin-pay-v3/index.js'

const NOTICE_TIMEOUT_MS = 5000

/** Starts the local platforms on loopback. Rejects when a port is taken or the host is not this machine. */
export async function startLocalPlatforms(options: LocalPlatformsOptions = {}): Promise<LocalPlatforms> {
  const { port = 0, securePort = 0, host = '127.0.0.1', provider = 'weixin-v2' } = options
  const parts = assemble(options)
  const { clock } = parts.context
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
  const context: PlatformContext = {
    clock,
    random,
    firstNumber: options.firstNumber ?? 1,
    app,
    merchant,
    files: merchantFiles(merchant.mchId),
    weixinUsers: new WeixinUsers(app.appId, random),
    deliveries: new Deliveries(clock, faults, options.noticeTimeoutMs ?? NOTICE_TIMEOUT_MS, log),
    schedule: new Schedule(clock),
  }
  const books = { ...context, ledger: newLedger(context) }
  const mini = weixin(books)
  const v3 = weixinPayV3(books, options.verification ?? 'public-key')
  const wallet = alipay(context, options.alipay)
  const payments = [weixinPayV2(books), v3, wallet]
  const all = [mini, ...payments]
  const apis = all.flatMap((platform) => platform.apis)
  faults.offer([...apis, ...all.flatMap((platform) => platform.targets ?? [])])
  const exchange = new Exchange(apis, faults, log)
  return { context, ledger: books.ledger, faults, mini, v3, wallet, payments, all, apis, exchange }
}

interface Running extends Parts {
  provider: ProviderName
  host: string
  plain: PlatformServer
  secure: PlatformServer
}

/** What a running platforms offers to those in its process. */
export function runningPlatforms(running: Running): LocalPlatforms {
  const { context, faults, mini, v3, wallet, payments, all, exchange, ledger, plain, secure } = running
  const { weixinUsers, deliveries, schedule } = context
  const url = `http://${running.host}:${plain.port}`
  const secureUrl = `https://${running.host}:${secure.port}`
  return {
    url,
    secureUrl,
    port: plain.port,
    app: context.app,
    merchant: context.merchant,
    files: context.files,
    settings(...wanted) {
      const names = wanted.length > 0 ? wanted : [running.provider]
      const chosen = [mini, ...payments.filter(({ provider }) => names.includes(provider)).reverse()]
      return Object.assign({}, ...chosen.map((platform) => platform.settings({ url, secureUrl })))
    },
    faults,
    requests: exchange.requests,
    get deliveries() {
      return deliveries.list()
    },
    alipay: wallet.here,
    openid: (name) => weixinUsers.named(name).openid,
    login: mini.login,
    phoneNumber: mini.phoneNumber,
    revokeToken: (token, { stillIssued = false } = {}) => mini.tokens.revoke(token, stillIssued),
    push: mini.messages.push,
    pushSettings: mini.messages.settings,
    checkPushAddress: mini.messages.checkAddress,
    requestPayment: async (info, who = {}) =>
      firstOf(payments, (platform) => platform.requestPayment(info, who)),
    pay: async (order, who = {}) => firstOf(payments, (platform) => platform.pay(order, who)),
    async finishRefund(outRefundNo, outcome = 'SUCCESS') {
      const refund = ledger.refunds.byOutRefundNo(outRefundNo)
      const finished = refund
        ? ledger.refunds.finish(refund, outcome)
        : wallet.finishRefund(outRefundNo, outcome)
      if (!finished) throw new Error(`no refund ${outRefundNo}`)
      return finished
    },
    platformKeys: () => v3.keys.verifiers(),
    rotateCertificate: () => v3.keys.rotate(),
    redeliver: (number, times) => deliveries.repeat(number, times),
    async tick() {
      await schedule.tick()
      await deliveries.tick()
    },
    state: () => ({
      ...Object.fromEntries(all.map((platform) => [platform.name, platform.state()])),
      deliveries: deliveries.list(),
      faults: faults.pending(),
    }),
    async close() {
      schedule.close()
      deliveries.close()
      await Promise.all([plain.close(), secure.close()])
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
