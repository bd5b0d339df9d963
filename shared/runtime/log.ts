import { OpenapiError } from '../errors/index.js'

const MASK = '***'
const SECRET_KEY = /secret|token|key|sign|password|authorization|code$|openid|phone/i
/** Also as JSON inside of JSON writes it, with backslashes in front of the quotes. */
const SECRET_TEXT =
  /((?:(?:access|auth|refresh)_?token|secret|(?:js|auth)_?code|session_?key|sessionToken|payToken|sign|(?<=[?&;])code)\\*["']?\s*[=:]\s*\\*["']?)[^&\s"',}\\]+/gi

/** Hides what a log must not hold: values under telling keys, telling pairs inside texts, and every secret setting. */
export function mask(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return maskText(value, secrets)
  if (Array.isArray(value)) return value.map((each) => mask(each, secrets))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRET_KEY.test(key) && key !== 'errCode' && typeof inner !== 'number' ? MASK : mask(inner, secrets),
    ]),
  )
}

export function maskText(text: string, secrets: readonly string[]): string {
  let masked = text.replace(SECRET_TEXT, `$1${MASK}`)
  for (const secret of secrets) if (secret.length >= 6) masked = masked.replaceAll(secret, MASK)
  return masked
}

/** An error with its causes, for the log alone. */
export function explain(error: unknown): string {
  const parts: string[] = []
  for (let at = error; at instanceof Error && parts.length < 4; at = at.cause) {
    parts.push(at instanceof OpenapiError ? `${at.errCode}: ${at.errMsg}` : (at.stack ?? String(at)))
  }
  return parts.length > 0 ? parts.join('\n  caused by ') : String(error)
}
