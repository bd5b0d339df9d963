/**
 * Reads JSON that a platform wrote, under one rule whatever stands in it: of a repeated name the last one counts, as
 * JSON.parse has it. No digit is lost: message ids exceed 2^53, so whole numbers that a double cannot hold become texts.
 * Control characters, which JSON wants escaped, may stand bare in texts, and a byte order mark in front: what users
 * write comes through as it is. Throws SyntaxError, as JSON.parse does, for everything else.
 */
export function readJson(text: string): unknown {
  const whole = text.startsWith('\ufeff') ? text.slice(1) : text
  if (LONG_NUMBER.test(whole)) return JSON.parse(spelledOut(whole))
  try {
    return JSON.parse(whole)
  } catch (error) {
    if (!/\p{Cc}/u.test(whole)) throw error
    return JSON.parse(spelledOut(whole))
  }
}

/**
 * A number of sixteen digits may be too long for a double; nothing shorter is. One of these stands in front of a number:
 * the long numbers of orders are texts, which need no help.
 */
const LONG_NUMBER = /(?:^|[:,[\s])-?\d{16}/

/** Outside of texts, numbers are the only tokens with digits. */
const TOKEN = /"|-?\d[\d.eE+-]*/g
const QUOTE_OR_ESCAPE = /["\\]/g

/** The same JSON with bare control characters escaped and long whole numbers in quotes. One pass. */
function spelledOut(json: string): string {
  let out = ''
  let at = 0
  for (;;) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(json)
    if (!token) return out + json.slice(at)
    const [found] = token
    const end = found === '"' ? endOfText(json, token.index) : token.index + found.length
    const whole = json.slice(token.index, end)
    out += json.slice(at, token.index) + (found === '"' ? escaped(whole) : exact(whole, json, end))
    at = end
  }
}

/** Behind the closing quote; where there is none, the end of it all, which no parser takes. */
function endOfText(json: string, quote: number): number {
  QUOTE_OR_ESCAPE.lastIndex = quote + 1
  for (let found = QUOTE_OR_ESCAPE.exec(json); found; found = QUOTE_OR_ESCAPE.exec(json)) {
    if (found[0] === '"') return QUOTE_OR_ESCAPE.lastIndex
    QUOTE_OR_ESCAPE.lastIndex++
  }
  return json.length
}

/** What follows a backslash stays: a control character there is no escape that anybody knows, and is refused. */
const escaped = (text: string): string =>
  text.replace(/\\[\s\S]|\p{Cc}/gu, (found) =>
    found.startsWith('\\') ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** A number is no name: in quotes it would become one. */
const COLON = /\s*:/y

function exact(number: string, json: string, end: number): string {
  if (!/^-?(0|[1-9]\d*)$/.test(number) || Number.isSafeInteger(Number(number))) return number
  COLON.lastIndex = end
  return COLON.test(json) ? number : `"${number}"`
}
