import { systemClock } from '../../../shared/clock.js'
import { crc64 } from '../../../tools/deploy/package/crc64.js'
import { type Call, call2, functionOf } from './fc2.js'
import { call3, checkAction } from './fc3.js'
import type { StoredFunction } from './functions.js'
import type { StandIn } from './index.js'
import { missing, Refusal } from './refusal.js'
import type { Fields } from './rules.js'
import { runPackage } from './run.js'
import { checkAcs3, checkFc2, checkLog, type Signed } from './signatures.js'

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Buffer
}

/** One call to any of the clouds' services that the stand-in is. Throws {@link Refusal}. */
export async function handle(cloud: StandIn, signed: Signed): Promise<Answer> {
  const [version, ...parts] = signed.path.split('/').slice(1)
  const now = systemClock.now()
  if (version === 'oss') return { body: codeByToken(cloud, parts[0] ?? '') }
  if (version === 'logstores') {
    checkLog(signed, now)
    return json(logLines(cloud, signed.query))
  }
  const is3 = version === '2023-03-30'
  if (is3) checkAcs3(signed, now)
  else checkFc2(signed, now)
  const isInvocation = parts.at(-1) === 'invocations'
  const body = signed.body.length > 0 && !isInvocation ? (JSON.parse(signed.body.toString()) as Fields) : {}
  const call: Call = { method: signed.method, parts, query: signed.query, body }
  if (is3) checkAction(call, signed.headers['x-acs-action'])
  if (isInvocation) return invocation(keptAt(cloud, parts), signed, is3)
  if (parts.at(-1) === 'code') return json(codeAddress(cloud, keptAt(cloud, parts)))
  const answer = await (is3 ? call3(cloud.fc3, call) : call2(cloud.fc2, call))
  return answer === undefined ? { status: 204 } : json(answer)
}

const json = (value: unknown): Answer => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** Of `services/<s>/functions/<f>/...` and `functions/<f>/...`. */
function keptAt({ fc2, fc3 }: StandIn, parts: readonly string[]): StoredFunction {
  if (parts[0] === 'functions') return functionOf(fc3.functions, parts[1])
  const place = fc2.services.get(parts[1] ?? '')
  if (!place) throw missing('Service', parts[1] ?? '')
  return functionOf(place.functions, parts[3])
}

const codeAddress = ({ url }: StandIn, { zip }: StoredFunction): Fields => ({
  url: `${url}/oss/${crc64(zip)}?Signature=oss-signature`,
  checksum: crc64(zip),
})

function codeByToken({ fc2, fc3 }: StandIn, token: string): Buffer {
  const all = [
    ...fc3.functions.values(),
    ...[...fc2.services.values()].flatMap(({ functions }) => [...functions.values()]),
  ]
  const found = all.find(({ zip }) => crc64(zip) === token)
  if (!found) throw new Refusal(403, 'AccessDenied', 'the address is not valid any more')
  return found.zip
}

async function invocation(kept: StoredFunction, { headers, body }: Signed, is3: boolean): Promise<Answer> {
  if (!is3 && [...kept.triggers.values()].some(({ triggerType }) => triggerType === 'http')) {
    throw new Refusal(400, 'InvalidArgument', 'an HTTP function takes no events')
  }
  if (headers['x-fc-invocation-type'] === 'Async') return { status: 202 }
  const { answer, log, failed } = await runPackage(kept, body)
  const answered: Record<string, string> = {}
  if (headers['x-fc-log-type'] === 'Tail') answered['x-fc-log-result'] = Buffer.from(log).toString('base64')
  if (failed) answered['x-fc-error-type'] = 'UnhandledInvocationError'
  return { headers: answered, body: answer }
}

function logLines(
  { logs, queries }: StandIn,
  query: URLSearchParams,
): Record<string, Record<string, string>> {
  queries.push(query.get('query') ?? '')
  const [from, to, offset, line] = ['from', 'to', 'offset', 'line'].map((name) => Number(query.get(name)))
  const found = logs
    .filter(({ topic, time }) => topic === query.get('topic') && time >= (from ?? 0) && time < (to ?? 0))
    .slice(offset ?? 0, (offset ?? 0) + (line ?? 100))
  return Object.fromEntries(
    found.map(({ time, message }, index) => [index, { __time__: String(time), message }]),
  )
}
