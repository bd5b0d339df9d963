const LEADS = [0x81, 0xfe] as const
const TRAILS = [0x40, 0xfe] as const
const LINE = 0x0a

let table: Map<string, number> | undefined

/** Node only reads GBK: every pair of bytes is read once, and looked up the other way. */
function pairs(): Map<string, number> {
  if (table) return table
  const numbers: number[] = []
  for (let lead: number = LEADS[0]; lead <= LEADS[1]; lead++) {
    for (let trail: number = TRAILS[0]; trail <= TRAILS[1]; trail++) numbers.push(lead * 256 + trail)
  }
  const bytes = Buffer.alloc(numbers.length * 3, LINE)
  numbers.forEach((number, at) => {
    bytes.writeUInt16BE(number, at * 3)
  })
  const characters = new TextDecoder('gbk').decode(bytes).split('\n')
  table = new Map(characters.map((character, at) => [character, numbers[at] ?? 0]))
  return table
}

/** The text in GBK; undefined when it holds what GBK has no way to write. */
export function gbkBytes(text: string): Buffer | undefined {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    const pair = code < 0x80 ? undefined : pairs().get(character)
    if (code < 0x80) bytes.push(code)
    else if (pair === undefined) return undefined
    else bytes.push(pair >> 8, pair & 0xff)
  }
  return Buffer.from(bytes)
}
