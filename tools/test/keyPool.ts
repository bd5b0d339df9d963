import { generateKeyPair } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** As many as the test with the most parties needs; who needs more makes them. */
const KEYS = 24

/**
 * Writes a file of RSA keys, of which every process of a test takes what it needs (`newKeyPair` of the local platforms).
 * Keys of nobody, made anew with every run: making them afresh in each of two hundred tests was a third of all its work.
 */
export async function writeKeyPool(file: string): Promise<void> {
  const options = {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  } as const
  const pairs = await Promise.all(
    Array.from({ length: KEYS }, () => promisify(generateKeyPair)('rsa', options)),
  )
  await writeFile(file, JSON.stringify(pairs.map(({ privateKey }) => privateKey)), { mode: 0o600 })
}
