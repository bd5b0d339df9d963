import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Call, type Fields, type Heard, openRoom, PLAIN } from './room.js'

/** The `example.json` of `messageNotify`: the call, what WeChat hears, and what the merchant is told. */

interface Case {
  input: Call
  output: Heard
  event?: Fields
}

const { settings, more, refused, ...first } = JSON.parse(
  readFileSync(new URL('../../functions/messageNotify/example.json', import.meta.url), 'utf8'),
) as Case & { settings: Record<string, string>; more: Case[]; refused: Case[] }

for (const { input, output, event } of [first, ...more, ...refused]) {
  t.test(event ? String(event.type) : 'refused', async (t) => {
    const room = await openRoom(t, { ...PLAIN, ...settings })
    t.strictSame(await room.call(input), output)
    const told = room.told.map(({ type, data }) => ({ type, data }))
    t.strictSame(told, event ? [event] : [])
  })
}
