/** What happens to a body on its way, by the remark that tells of it; the plainest first. */
const mutations: readonly (readonly [code: MutationCode, change: (body: Buffer) => Buffer])[] = [
  ['emptied', () => Buffer.alloc(0)],
  ['trimmed', (body) => asLatin1(body, (text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''))],
  ['trimmed', (body) => asLatin1(body, (text) => text.replace(/[ \t\r\n]+$/, ''))],
  ['trimmed', (body) => asLatin1(body, (text) => text.replace(/\r?\n$/, ''))],
  ['line-ends', (body) => asLatin1(body, (text) => text.replaceAll('\r\n', '\n'))],
  ['line-ends', (body) => asLatin1(body, (text) => text.replace(/\r?\n/g, '\r\n'))],
  ['line-ends', (body) => asLatin1(body, (text) => text.replaceAll('\r\n', '\n').trim())],
  ['json-rewritten', (body) => asUtf8(body, (text) => JSON.stringify(JSON.parse(text)))],
  ['json-rewritten', (body) => asUtf8(body, (text) => JSON.stringify(JSON.parse(text), null, 2))],
  ['form-rewritten', (body) => asUtf8(body, (text) => new URLSearchParams(text).toString())],
  ['form-rewritten', (body) => asUtf8(body, (text) => percentEncoded(new URLSearchParams(text)))],
  ['decoded', (body) => asLatin1(body, percentDecoded)],
  ['decoded', (body) => asLatin1(body, (text) => percentDecoded(text.replaceAll('+', ' ')))],
  ['html-escaped', (body) => asUtf8(body, (text) => escaped(text, ['&', '<', '>']))],
  ['html-escaped', (body) => asUtf8(body, (text) => escaped(text, ['&', '<', '>', '"', "'"]))],
  ['charset', (body) => Buffer.from(body.toString('latin1'))],
  ['charset', (body) => Buffer.from(body.toString('ascii'))],
  ['base64', (body) => Buffer.from(body.toString('base64'))],
]

export type MutationCode =
  | 'emptied'
  | 'trimmed'
  | 'line-ends'
  | 'json-rewritten'
  | 'form-rewritten'
  | 'decoded'
  | 'html-escaped'
  | 'charset'
  | 'base64'

/** The first change that explains what arrived; nothing where none does. */
export function explained(body: Buffer, isIt: (changed: Buffer) => boolean): MutationCode | undefined {
  return mutations.find(([, change]) => {
    try {
      return isIt(change(body))
    } catch {
      // Not every change can be made to every body: XML is no JSON.
      return false
    }
  })?.[0]
}

/** Changes single characters and leaves all bytes beside them as they are. */
const asLatin1 = (body: Buffer, change: (text: string) => string): Buffer =>
  Buffer.from(change(body.toString('latin1')), 'latin1')

const asUtf8 = (body: Buffer, change: (text: string) => string): Buffer =>
  Buffer.from(change(body.toString('utf8')))

const percentDecoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const percentEncoded = (fields: URLSearchParams): string =>
  [...fields].map((pair) => pair.map(encodeURIComponent).join('=')).join('&')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string, characters: readonly string[]): string =>
  [...text].map((letter) => (characters.includes(letter) ? entities[letter] : letter)).join('')
