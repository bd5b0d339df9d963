import { zipFiles } from '../../../shared/payment/zip.js'
import { invalid } from './refusal.js'

/** What Function Compute refuses, by its documentation. */

export type Fields = Record<string, unknown>

export async function checkFunction(fields: Fields): Promise<void> {
  const { runtime, handler, memorySize, timeout, description = '' } = fields
  if (!/^nodejs(18|20)$/.test(String(runtime))) throw invalid(`runtime '${runtime}' is not supported`)
  if (!/^[\w/.-]+\.\w+$/.test(String(handler))) throw invalid(`handler '${handler}' is not valid`)
  if (!(Number(memorySize) >= 128) || Number(memorySize) % 64 !== 0) throw invalid('memorySize is not valid')
  if (!(Number(timeout) >= 1 && Number(timeout) <= 86_400)) throw invalid('timeout is not valid')
  if (String(description).length > 256) throw invalid('description is too long')
  checkVariables((fields.environmentVariables ?? {}) as Record<string, string>)
}

function checkVariables(variables: Record<string, string>): void {
  let bytes = 0
  for (const [name, value] of Object.entries(variables)) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name) || name.startsWith('FC_')) throw invalid(`variable '${name}'`)
    if (typeof value !== 'string') throw invalid(`variable '${name}' is no text`)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value)
  }
  if (bytes > 4096) throw invalid(`environment variables take ${bytes} bytes, at most 4096 are allowed`)
}

/** Version 3.0: 1 to 4 GB of memory to a vCPU, in steps of 0.05. */
export function checkCpu({ cpu, memorySize }: Fields): void {
  const ratio = Number(memorySize) / 1024 / Number(cpu)
  const steps = Number(cpu) * 20
  if (!(ratio >= 1 && ratio <= 4) || Math.abs(steps - Math.round(steps)) > 1e-9) {
    throw invalid(`cpu ${cpu} does not go with ${memorySize} MB`)
  }
}

export async function codeIn(code: unknown): Promise<Buffer> {
  const { zipFile } = (code ?? {}) as { zipFile?: string }
  const zip = Buffer.from(zipFile ?? '', 'base64')
  const files = await zipFiles(zip).catch(() => [])
  if (files.length === 0) throw invalid('the code is no zip archive, or an empty one')
  return zip
}

export function checkTrigger(type: unknown, config: Fields): void {
  if (type === 'timer') {
    const { cronExpression, enable } = config
    const isCron = /^(CRON_TZ=\S+ )?(\S+ ){5}\S+$/.test(String(cronExpression))
    if (!isCron && !/^@every [1-9]\d*m$/.test(String(cronExpression)))
      throw invalid(`cron '${cronExpression}'`)
    if (typeof enable !== 'boolean') throw invalid('enable is missing')
  } else if (type === 'http') {
    const { authType, methods } = config
    if (authType !== 'anonymous' && authType !== 'function') throw invalid(`authType '${authType}'`)
    if (!Array.isArray(methods) || methods.length === 0) throw invalid('methods are missing')
  } else throw invalid(`trigger type '${type}'`)
}
