import { check } from '../check.js'
import { clockOffset, TOO_FAR_MS } from '../clockProbe.js'
import { clockRemarks } from '../remarks/clock.js'

/** Half a minute is more than any line takes, and the sign of a clock that nobody sets. */
const NOTICEABLE_MS = 30_000

export const clockCheck = check({
  id: 'clock',
  title: { en: 'The clock is right', zh: '时钟准确' },
  network: true,
  remarks: clockRemarks,
  async run(world, say) {
    const offset = await clockOffset(world)
    if (!offset) return []
    const about = { host: offset.host, seconds: Math.round(Math.abs(offset.ms) / 1000) }
    const far = Math.abs(offset.ms)
    return [say(far >= TOO_FAR_MS ? 'off' : far >= NOTICEABLE_MS ? 'drifts' : 'right', about)]
  },
})
