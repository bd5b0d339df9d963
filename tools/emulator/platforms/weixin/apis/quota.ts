import type { Clock } from '../../../../../shared/clock.js'
import { countKey } from '../api.js'
import type { Entry } from '../entry.js'
import { WeixinRefusal } from '../rules.js'

/** What an API may be called a day where its row says nothing else. */
const USUAL_LIMIT = 1_000_000

/** `/cgi-bin/openapi/quota/get`: what is left today of another API, by what was counted of it here. */
export const quotaEntry = (
  entries: readonly Entry[],
  counts: ReadonlyMap<string, number>,
  clock: Clock,
): Entry => ({
  name: 'openapi.getApiQuota',
  method: 'POST',
  path: '/cgi-bin/openapi/quota/get',
  token: true,
  body: { cgi_path: { missing: 76021, rules: [] } },
  answer({ body }) {
    const asked = entries.find(({ path }) => path === body.cgi_path)
    if (!asked) throw new WeixinRefusal(76021)
    const limit = asked.quotas?.find(({ per }) => per === 'day')?.limit ?? USUAL_LIMIT
    const used = Math.min(limit, counts.get(countKey(asked.name, 'day', clock)) ?? 0)
    return { quota: { daily_limit: limit, used, remain: limit - used } }
  },
})
