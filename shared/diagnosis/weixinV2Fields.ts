import type { FlatXml } from '../xml/index.js'
import { type Guess, isSmall, originalTexts, recharged } from './originals.js'

/** What the values may have been: all of them changed alike, the signature too, or one that lost the white space at an end. */
export function* originalFields(fields: FlatXml): Generator<Guess<FlatXml>> {
  const pairs = [...fields]
  const changed = (change: (value: string) => string) =>
    new Map(pairs.map(([name, value]) => [name, change(value)]))
  const lasts = (value: string) => new Map([...originalTexts(value)])
  yield ['HTML entities', changed((value) => lasts(value).get('HTML entities') ?? value)]
  yield [
    'double decoding',
    changed((value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
  ]
  yield ['double decoding', changed((value) => value.replaceAll(' ', '+'))]
  yield ['line ends changed', changed((value) => value.replace(/\r?\n/g, '\r\n'))]
  yield ['ends trimmed', changed((value) => value.trim())]
  for (const nth of [0, 1, 2]) {
    yield [
      'wrong charset',
      changed((value) => [...recharged(Buffer.from(value))][nth]?.[1].toString() ?? value),
    ]
  }
  if (!isSmall(fields)) return
  for (const [name, value] of pairs) {
    for (const ended of [`${value} `, ` ${value}`, `${value}\n`, `\n${value}`, ` ${value} `]) {
      yield ['ends trimmed', new Map([...pairs, [name, ended]])]
    }
  }
}
