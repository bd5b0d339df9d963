import { nonce } from '../../clock.js'
import type { ProviderDependencies } from '../provider.js'

/** When and with what one signature for WeChat Pay is made. */
export interface Moment {
  /** Unix seconds. */
  seconds: string
  nonceStr: string
}

/** Now, and a nonce that is used once. */
export const momentOf = ({ clock, random }: Pick<ProviderDependencies, 'clock' | 'random'>): Moment => ({
  seconds: String(Math.floor(clock.now() / 1000)),
  nonceStr: nonce(random),
})
