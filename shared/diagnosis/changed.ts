import type { Finding } from './findings.js'
import { jsonTexts } from './jsonTexts.js'
import { hasLostBytes, originalBodies } from './originals.js'

/** What happened to a JSON text after it was signed: the first guess that makes it what was signed again. */
export function changedJson(body: Buffer, isOriginal: (original: string | Buffer) => boolean): Finding {
  for (const [cause, original] of originalBodies(body)) if (isOriginal(original)) return { cause }
  for (const original of jsonTexts(body)) if (isOriginal(original)) return { cause: 're-serialised JSON' }
  const text = body.toString('utf8')
  if (undecodings(text).some(isOriginal)) return { cause: 'double decoding' }
  return hasLostBytes(text) ? { cause: 'bytes lost' } : { cause: 'changed on the way' }
}

/** What it was before somebody took it for a form: ciphertexts and signatures have plus signs, and never spaces. */
function undecodings(text: string): string[] {
  const inBase64 = text.replace(/"[A-Za-z0-9+/ ]{16,}={0,2}"/g, (value) => value.replaceAll(' ', '+'))
  return [inBase64, text.replaceAll(' ', '+'), decoded(text)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
