import t from 'tap'
import { localTokens } from '../../shared/token/memory.js'
import { forcedBudget, leases, oneHolder } from '../store/contract/tokens.js'

for (const [name, part] of Object.entries({ leases, oneHolder, forcedBudget })) {
  t.test(name, (t) => part(t, { stores: [{ tokens: localTokens() }] }))
}
