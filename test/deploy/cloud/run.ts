import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { zipFiles } from '../../../shared/payment/zip.js'
import type { StoredFunction } from './functions.js'

const RUN = `
const event = Buffer.from(process.argv[2], 'base64')
const context = { requestId: 'stand-in', function: { name: process.env.FC_FUNCTION_NAME, timeout: 20 } }
require(process.argv[1] + '/index.js').handler(event, context).then(
  (value) => process.stdout.write('\\u0000' + JSON.stringify(value)),
  (error) => { process.stdout.write('\\u0000' + JSON.stringify({ errorMessage: error.message })); process.exitCode = 3 })
`

/** Runs an uploaded package by itself, in an empty place with its own variables alone. */
export async function runPackage(
  { zip, fields }: StoredFunction,
  event: Buffer,
): Promise<{ answer: string; log: string; failed: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), 'fc-code-'))
  try {
    for (const { name, content } of await zipFiles(zip)) {
      const file = join(folder, name.toString())
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
    const env = {
      ...((fields.environmentVariables ?? {}) as Record<string, string>),
      FC_FUNCTION_NAME: String(fields.functionName),
    }
    const args = ['-e', RUN, folder, event.toString('base64')]
    const done = await promisify(execFile)(process.execPath, args, { env, cwd: folder }).then(
      ({ stdout }) => ({ stdout, failed: false }),
      ({ stdout }: { stdout: string }) => ({ stdout, failed: true }),
    )
    const [log = '', answer = ''] = done.stdout.split('\u0000')
    return { answer, log, failed: done.failed }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
