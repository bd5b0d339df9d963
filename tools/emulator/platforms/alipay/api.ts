import type { Answer, Api, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import { type Admitted, admit, methodOf, paramsOf } from './admission.js'
import type { AlipayWorld, Entry } from './entry.js'
import { enveloped, type Said, signatureFaults } from './envelope.js'
import { AlipayRefusal, GatewayRefusal, refused } from './refusal.js'
import { checkRules } from './rules.js'

const PATH = '/gateway.do'

const faults: readonly Fault[] = [
  ...(['busy', 'busy-acted', 'denied', 'timeout', 'lost', 'html', 'truncated'] as const),
  ...signatureFaults,
  'wrong-amount',
]

const keyOf = (method: string): string => `${method.replaceAll('.', '_')}_response`

/** Makes an endpoint of a table's entry: application, time, signature and parameters are checked before it works. */
export const alipayApi = (entry: Entry, world: AlipayWorld): Api => ({
  name: entry.method,
  path: PATH,
  faults: [...faults, ...(entry.faults ?? [])],
  serves: (request) => methodOf(request) === entry.method,
  answer: (request, fault) => answered(entry, request, world, fault),
})

/** For everything else that comes to the gateway. */
export const noSuchMethod = (world: AlipayWorld): Api => ({
  name: 'alipay.gateway',
  path: PATH,
  faults: [],
  answer: (request) => answered(undefined, request, world, undefined),
})

function answered(
  entry: Entry | undefined,
  request: Received,
  world: AlipayWorld,
  fault: Fault | undefined,
): Answer {
  const params = paramsOf(request)
  const plain = { charset: 'utf-8', isEncrypted: false } as const
  let admitted: Omit<Admitted, 'content'> = plain
  const say = (key: string, fields: object, isSigned: boolean) => {
    const { charset, isEncrypted } = admitted
    return enveloped({ key, fields, isSigned, charset, isEncrypted, fault } satisfies Said, world)
  }
  try {
    const call = admit(params, entry !== undefined, world)
    admitted = call
    if (!entry) throw new Error('an unknown method was admitted')
    return say(
      keyOf(entry.method),
      performed(entry, { request, params, content: call.content }, world, fault),
      true,
    )
  } catch (error) {
    if (!(error instanceof AlipayRefusal)) throw error
    if (error instanceof GatewayRefusal || !entry) return say('error_response', error.fields, false)
    return say(entry.isOld ? 'error_response' : keyOf(entry.method), error.fields, fault !== 'denied')
  }
}

function performed(
  entry: Entry,
  call: Parameters<Entry['answer']>[0],
  world: AlipayWorld,
  fault: Fault | undefined,
): object {
  if (fault === 'busy') throw new AlipayRefusal('20000', 'isp.unknow-error', '服务暂不可用（业务系统不可用）')
  if (fault === 'denied') throw refused('ACQ.TRADE_NOT_EXIST', '交易不存在')
  if (fault === 'no-funds') throw refused('ACQ.SELLER_BALANCE_NOT_ENOUGH', '卖家余额不足')
  checkRules(entry.params ?? {}, call.params, entry.otherwise)
  checkRules(entry.content ?? {}, call.content, entry.otherwise)
  const fields = entry.answer(call, world, fault)
  if (fault === 'busy-acted') throw refused('ACQ.SYSTEM_ERROR', '系统错误')
  return entry.isOld ? fields : { code: '10000', msg: 'Success', ...fields }
}
