import fc from 'fast-check'
import t from 'tap'
import { sameText } from '../../shared/crypto/index.js'

t.test('says what === says', async () => {
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(fc.property(text, (one) => sameText(one, one)))
  fc.assert(fc.property(text, text, (one, other) => sameText(one, other) === (one === other)))
})

t.test('lengths may differ, in characters and in bytes', async (t) => {
  t.equal(sameText('', 'a'), false)
  t.equal(sameText('é', 'e'), false)
  t.equal(sameText('abc', 'abcd'), false)
})
