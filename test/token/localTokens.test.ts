import t from 'tap'
import { localTokens } from '../../shared/token/memory.js'
import { clockAhead, forcedBudget, leases, oneHolder } from '../store/contract/tokens.js'

for (const [name, part] of Object.entries({ leases, oneHolder, forcedBudget, clockAhead })) {
  t.test(name, (t) => part(t, { stores: [{ tokens: localTokens() }] }))
}
