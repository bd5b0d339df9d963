import t from 'tap'
import { object, optional, picture, text } from '../../shared/operation/fields.js'
import { validate } from '../../shared/operation/index.js'

/** What clients may send to make checking itself the attack, or to have it repeat what they sent. */

const refusal = (schema: Parameters<typeof validate>[0], input: unknown): string => {
  try {
    validate(schema, input)
  } catch (error) {
    return (error as Error).message
  }
  return 'accepted'
}

t.test('a picture that is no base64 is refused in time that grows with its length alone', async (t) => {
  // A pattern that tries every way of sharing out the spaces takes a quarter of an hour for one of these.
  const spaces = ' '.repeat(2 ** 20)
  const file = (value: string) => ({ contentType: 'image/png', value })
  for (const value of [`${spaces}!`, `A${spaces}!`, `A=${spaces}!`, `A=${spaces}=${spaces}!`]) {
    t.match(refusal(picture(2 ** 20), file(value)), /^value: .*base64/)
  }
  const wrapped = validate(picture(4), file('iVBO\r\nRw==\r\n'))
  t.strictSame(wrapped.value, Buffer.from('iVBORw==', 'base64'), 'broken lines and an end of line are base64')
})

t.test('a text is measured in characters without being taken apart into them', async (t) => {
  const short = object({ code: text({ max: 4, like: 'a code' }) })
  // As a list of characters this has a gigabyte, and the process ends.
  t.equal(refusal(short, { code: 'a'.repeat(2 ** 27) }), 'code: expected a code')
  t.equal(refusal(short, { code: '支付😀é' }), 'accepted', 'a pair of surrogates is one character')
  t.equal(
    refusal(short, { code: '\ud83d\ud83d\ud83d\ude00\ude00' }),
    'accepted',
    'half of one counts as well',
  )
  t.equal(refusal(short, { code: '支付😀éx' }), 'code: expected a code')
})

t.test('no refusal repeats what was sent', async (t) => {
  const secret = 'br5tgoRfleNXi634kW51qG6YekDftABphAOAqqIbv7k'
  const schema = object({ colour: optional(object({ r: text({ like: 'a red' }) })) })
  for (const colour of [secret, secret.repeat(1000), { r: secret.length }, { r: [secret] }]) {
    t.match(refusal(schema, { colour }), /^colour(\.r)?: expected (an object|a red)$/)
  }
})

t.test('a parameter that does not exist is named, as far as a name goes', async (t) => {
  const message = refusal(object({ code: optional(text({ like: 'a code' })) }), { ['x'.repeat(100_000)]: 1 })
  t.match(message, /^x+…: unknown parameter; known here: code$/)
  t.ok(message.length < 200)
})
