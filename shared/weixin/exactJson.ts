/**
 * JSON in which no digit is lost: message ids exceed 2^53, so whole numbers that a double cannot hold stay texts.
 * Rejects with SyntaxError as JSON.parse throws it.
 */
export async function exactJson(text: string): Promise<unknown> {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  const { parse } = await import('lossless-json')
  return parse(text, undefined, (digits) => {
    const number = Number(digits)
    return /^-?\d+$/.test(digits) && !Number.isSafeInteger(number) ? digits : number
  })
}
