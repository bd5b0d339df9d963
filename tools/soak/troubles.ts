import { type Fault, isFault } from '../emulator/platforms/faults.js'
import type { LocalPlatforms } from '../emulator/platforms/index.js'
import type { Dice } from './dice.js'

/** What goes wrong between the merchant and the payment systems. */
export interface Troubles {
  /** Lets a payment's notice meet a fate of its own, perhaps: `never` for about 5 in 100. */
  beforeNotice(api: string): void
  /** Lets one of the next requests to the payment systems fail, perhaps. */
  beforeRequest(): void
  counts: Record<string, number>
}

/** Faults of answers that a payment system really gives. `timeout` takes real seconds, and so is rare. */
const OF_REQUESTS: readonly Fault[] = ['busy', 'busy-acted', 'lost', 'html', 'truncated', 'denied', 'forged']

/** Faults of notices; those that are authentic and untrue are not among them: they would be told to the merchant. */
const OF_NOTICES: readonly Fault[] = [
  ...(['duplicate', 'duplicate', 'reorder', 'late', 'dropped', 'lost', 'truncated'] as const),
  ...(['forged', 'unsigned', 'wrong-key', 'stale', 'unknown-serial'] as const),
]

const NEVER = 0.05
const NOTICE_FAULT = 0.3
const REQUEST_FAULT = 0.25

/** Of those that take payments and refunds; the rest of the platforms has nothing to do with money. */
const PAYMENT_API = /^(weixin-pay-v[23]|alipay\.trade)\./

interface Listed {
  apis: { name: string; faults: string[] }[]
}

export async function troublesFor(platforms: LocalPlatforms, dice: Dice): Promise<Troubles> {
  const listed = (await (await fetch(`${platforms.url}/twin`)).json()) as Listed
  const apis = listed.apis
    .filter(({ name }) => PAYMENT_API.test(name) && !/bill/i.test(name))
    .map(({ name, faults }) => ({
      name,
      faults: faults.filter(isFault).filter((each) => OF_REQUESTS.includes(each)),
    }))
    .filter(({ faults }) => faults.length > 0)
  const counts: Record<string, number> = {}
  const order = (api: string, fault: Fault) => {
    try {
      platforms.faults.next(api, fault)
      counts[fault] = (counts[fault] ?? 0) + 1
    } catch {
      // A fault that this system's notices cannot meet.
    }
  }
  return {
    counts,
    beforeNotice(api) {
      if (dice.happens(NEVER)) order(api, 'never')
      else if (dice.happens(NOTICE_FAULT)) order(api, dice.oneOf(OF_NOTICES))
    },
    beforeRequest() {
      if (!dice.happens(REQUEST_FAULT)) return
      const { name, faults } = dice.oneOf(apis)
      // What nobody has met yet is enough: the rarer ones would pile up.
      const isWaiting = platforms.faults.pending().some(({ api }) => api === name)
      if (!isWaiting) order(name, dice.oneOf(faults))
    },
  }
}
