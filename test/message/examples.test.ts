import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Call, type Fields, openReceiver, PLAIN, type Reply } from './receiver.js'

/** The `example.json` of `messageNotify`: the call, what WeChat hears, and what the merchant is delivered. */

interface Case {
  input: Call
  output: Reply
  event?: Fields
}

const { settings, more, refused, ...first } = JSON.parse(
  readFileSync(new URL('../../functions/messageNotify/example.json', import.meta.url), 'utf8'),
) as Case & { settings: Record<string, string>; more: Case[]; refused: Case[] }

for (const { input, output, event } of [first, ...more, ...refused]) {
  t.test(event ? String(event.type) : 'refused', async (t) => {
    const receiver = await openReceiver(t, { ...PLAIN, ...settings })
    t.strictSame(await receiver.call(input), output)
    const delivered = receiver.delivered.map(({ type, data }) => ({ type, data }))
    t.strictSame(delivered, event ? [event] : [])
  })
}
