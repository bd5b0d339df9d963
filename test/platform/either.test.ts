import t from 'tap'
import { weixin } from '../../shared/generated/apis.js'
import { object, text } from '../../shared/operation/fields.js'
import type { Operation } from '../../shared/operation/index.js'
import { getPhoneNumber, imgSecCheck, msgSecCheck } from '../../shared/platform/apis.js'
import { onEither } from '../../shared/platform/either.js'

/** What a door goes by must survive the joining of two operations, and be the same for both. */

const side = (changes: object = {}): Operation => ({
  name: 'a.b',
  doc: 'https://example.com/a',
  title: { en: 'a', zh: 'a' },
  input: object({ word: text({ like: 'a word' }) }),
  reach: 'client',
  repeat: 'safe',
  settings: [],
  run: async () => ({}),
  ...changes,
})

const rules = {
  reach: 'optIn',
  session: 'optional',
  ownOpenid: 'word',
  perMinute: 3,
  keepDays: 7,
} as const

const title = { en: 'both', zh: 'both' }

t.test('every rule is carried over as it is', async (t) => {
  t.match(onEither(side(rules), side(rules), { title }), { ...rules, name: 'a.b', title })
  const without = onEither(side(), side(), { title })
  for (const rule of ['session', 'ownOpenid', 'perMinute', 'keepDays'])
    t.notOk(rule in without, `${rule} is not invented`)
})

t.test('sides that differ in a rule are not joined, whichever of them is the stricter', async (t) => {
  for (const [rule, value] of Object.entries({ ...rules, name: 'c.d', reply: () => undefined })) {
    const message = new RegExp(`differ in ${rule}$`)
    t.throws(() => onEither(side({ [rule]: value }), side(), { title }), { message })
    t.throws(() => onEither(side(), side({ [rule]: value }), { title }), { message })
  }
  const message = /differ in someRuleOfNextYear$/
  t.throws(() => onEither(side(), side({ someRuleOfNextYear: 1 }), { title }), { message })
})

t.test('a repeat is safe only where it is on both', async (t) => {
  t.equal(onEither(side(), side(), { title }).repeat, 'safe')
  t.equal(onEither(side(), side({ repeat: 'never' }), { title }).repeat, 'never')
  t.equal(onEither(side({ repeat: 'never' }), side(), { title }).repeat, 'never')
})

const rulesOf = ({ name, reach, session, ownOpenid, perMinute, keepDays }: Operation) => ({
  name,
  reach,
  session,
  ownOpenid,
  perMinute,
  keepDays,
})

t.test('the operations that clients call have the rules of those of WeChat', async (t) => {
  t.strictSame(rulesOf(getPhoneNumber), rulesOf(weixin.decrypt.getPhoneNumber))
  t.strictSame(rulesOf(msgSecCheck), rulesOf(weixin.security.msgSecCheck))
  t.strictSame(rulesOf(imgSecCheck), rulesOf(weixin.security.imgSecCheck))
  for (const check of [msgSecCheck, imgSecCheck]) t.equal(rulesOf(check).ownOpenid, 'openid')
})
