import type { LocalPlatforms } from './localPlatforms.js'
import { type PaymentPlatform, type ProviderName, RequestPaymentError } from './payment.js'
import type { PlatformServer } from './server.js'
import type { Parts } from './start.js'

interface Running extends Parts {
  provider: ProviderName
  host: string
  plain: PlatformServer
  secure: PlatformServer
}

/** What a running platforms offers to those in its process. */
export function runningPlatforms(running: Running): LocalPlatforms {
  const { world, faults, mini, v3, wallet, payments, all, exchange, ledger, plain, secure } = running
  const { people, deliveries, agenda } = world
  const url = `http://${running.host}:${plain.port}`
  const secureUrl = `https://${running.host}:${secure.port}`
  return {
    url,
    secureUrl,
    port: plain.port,
    app: world.app,
    merchant: world.merchant,
    files: world.files,
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
    openid: (name) => people.named(name).openid,
    login: mini.login,
    revokeToken: (token, { stillIssued = false } = {}) => mini.tokens.revoke(token, stillIssued),
    push: mini.messages.push,
    pushSettings: mini.messages.settings,
    checkPushAddress: mini.messages.checkAddress,
    requestPayment: async (info, who = {}) =>
      firstOf(payments, (platform) => platform.requestPayment(info, who)),
    pay: async (order, who = {}) => firstOf(payments, (platform) => platform.pay(order, who)),
    async settleRefund(outRefundNo, outcome = 'SUCCESS') {
      const refund = ledger.refunds.byOutRefundNo(outRefundNo)
      const settled = refund
        ? ledger.refunds.settle(refund, outcome)
        : wallet.settleRefund(outRefundNo, outcome)
      if (!settled) throw new Error(`no refund ${outRefundNo}`)
      return settled
    },
    platformKeys: () => v3.keys.verifiers(),
    rotateCertificate: () => v3.keys.rotate(),
    redeliver: (number, times) => deliveries.repeat(number, times),
    async tick() {
      await agenda.tick()
      await deliveries.tick()
    },
    state: () => ({
      ...Object.fromEntries(all.map((platform) => [platform.name, platform.state()])),
      deliveries: deliveries.list(),
      faults: faults.pending(),
    }),
    async close() {
      agenda.close()
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
