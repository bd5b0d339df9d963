/** The two that Alipay's gateway speaks. */
export type Charset = 'utf-8' | 'gbk'

const names: Readonly<Record<string, Charset>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  gbk: 'gbk',
  gb2312: 'gbk',
  gb18030: 'gbk',
}

export const charsetNamed = (name: string): Charset | undefined => names[name.toLowerCase()]

export const decoded = (bytes: Uint8Array, charset: Charset): string => new TextDecoder(charset).decode(bytes)

/** What GBK has no sign for becomes a question mark. */
export function encoded(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  const table = gbkTable()
  return Buffer.concat(
    [...text].map((sign) => (sign < '\x80' ? Buffer.from(sign) : (table.get(sign) ?? QUESTION))),
  )
}

const QUESTION = Buffer.from('?')

let table: Map<string, Buffer> | undefined

/** Node reads GBK and cannot write it: every pair of bytes is read once, and the outcome turned round. */
function gbkTable(): Map<string, Buffer> {
  if (table) return table
  table = new Map()
  const decoder = new TextDecoder('gbk')
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const pair = Buffer.from([lead, trail])
      const sign = decoder.decode(pair)
      if ([...sign].length === 1 && sign !== '\ufffd' && !table.has(sign)) table.set(sign, pair)
    }
  }
  return table
}
