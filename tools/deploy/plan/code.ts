import type { Api, Fields } from '../cloud/api.js'
import { crc64 } from '../package/crc64.js'

/** How a request names a package. */
export const codeField = (zip: Buffer): Fields => ({ code: { zipFile: zip.toString('base64') } })

/** In ms. */
const DOWNLOAD_TIMEOUT = 60_000

const TRIES = 3

/**
 * The package a function has now, from the address the API gives for it; undefined when it cannot be had whole. The
 * address is signed, so it is never printed.
 */
export async function formerCode(
  api: Api,
  functionPath: string,
  checksum: unknown,
): Promise<Buffer | undefined> {
  const { url } = await api.call('GET', `${functionPath}/code`)
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      const response = await fetch(String(url), { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT) })
      const zip = Buffer.from(await response.arrayBuffer())
      if (response.ok && (typeof checksum !== 'string' || crc64(zip) === checksum)) return zip
    } catch {
      // Tried again, and then said to be missing.
    }
  }
  return undefined
}
