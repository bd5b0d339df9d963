import { remedyOf } from '../../../shared/diagnosis/causes.js'
import type { Language } from '../words.js'
import { type Inquest, isSignedRight } from './inquest.js'
import { reasons, words } from './words.js'

/** What came out, for people: a few lines, without anything that the message itself says but serials and algorithms. */
export function report(
  { suspect, verdict }: Inquest,
  { language, isTimed, secrets }: { language: Language; isTimed: boolean; secrets: readonly string[] },
): string {
  const say = (word: keyof typeof words, values: Readonly<Record<string, string>> = {}): string =>
    words[word][language].replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '')
  if (!verdict) return say('nobody', { provider: suspect ?? say('anyone') })
  const { provider, merchantId, finding, reading } = verdict
  const lines = [say('about', { provider, merchant: merchantId })]
  if (reading.authentic) lines.push(`✓ ${say(reading.notice.refundNeedsQuery ? 'unsigned' : 'verified')}`)
  else lines.push(`✗ ${say('refused', { reason: reasons[reading.reason][language] })}`)
  if (finding) {
    lines.push(`  ${say('why', { cause: finding.cause })}`)
    lines.push(`  ${say('mend', { remedy: remedyOf(finding, 'notice')[language] })}`)
  } else if (!isSignedRight(reading)) lines.push(`  ${say('unexplained')}`)
  if (provider === 'weixin-v3' && !isTimed) lines.push(`  ${say('timeless')}`)
  return lines.map((line) => harmless(line, secrets)).join('\n')
}

/** Details quote the message, which is anybody's: no secret and nothing that steers a terminal gets through. */
const harmless = (line: string, secrets: readonly string[]): string =>
  secrets
    .reduce((text, secret) => text.replaceAll(secret, '***'), line)
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, 500)
