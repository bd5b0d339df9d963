import type { Answer, Api, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import { BusinessFailure, checkRules, type Entry, type PayWorld, Unreadable } from './entry.js'
import { messageFaults, seal } from './envelope.js'
import { isSigned, type Message, type SignType, signTypeOf } from './signature.js'
import { readXml, writeXml } from './xml.js'

const faults: readonly Fault[] = ['busy', 'timeout', 'lost', 'html', ...messageFaults]

/** Turns a table's entry into an endpoint: signature, identity and fields are checked before it does its work. */
export function payApi(entry: Entry, world: PayWorld): Api {
  return {
    name: entry.name,
    path: entry.path,
    faults,
    answer(request, fault) {
      try {
        const message = readRequest(request)
        const signType = authenticate(message, world)
        return xml(seal(perform(entry, message, signType, world, fault), signType, world, fault))
      } catch (error) {
        if (error instanceof Unreadable)
          return xml(writeXml({ return_code: 'FAIL', return_msg: error.message }))
        throw error
      }
    },
  }
}

const xml = (body: string): Answer => ({ status: 200, headers: { 'content-type': 'text/plain' }, body })

function readRequest({ method, body }: Received): Message {
  if (method !== 'POST') throw new Unreadable('请使用post方法')
  if (body.length === 0) throw new Unreadable('post数据为空')
  try {
    return readXml(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    throw new Unreadable(error instanceof TypeError ? '编码格式错误' : `XML格式错误: ${reason}`)
  }
}

/** Who is speaking and under which algorithm. Until this is known, no answer can be signed. */
function authenticate(message: Message, { merchant }: PayWorld): SignType {
  if (!message.mch_id) throw new Unreadable('缺少参数: mch_id')
  if (message.mch_id !== merchant.mchId) throw new Unreadable('商户号mch_id或sub_mch_id不存在')
  const signType = signTypeOf(message.sign_type)
  if (!signType) throw new Unreadable('sign_type参数有误')
  if (!isSigned(message, signType, merchant.key)) throw new Unreadable('签名错误，请检查后再试')
  return signType
}

function perform(
  entry: Entry,
  message: Message,
  signType: SignType,
  world: PayWorld,
  fault: Fault | undefined,
): Record<string, string> {
  const head = {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid: message.appid ?? '',
    mch_id: message.mch_id ?? '',
  }
  try {
    if (fault === 'busy') throw new BusinessFailure('SYSTEMERROR', '系统超时')
    checkRules({ appid: { required: true }, nonce_str: { required: true, accepts: isNonce } }, message)
    const { appId, openAppId } = world.app
    if (message.appid !== appId && message.appid !== openAppId) {
      throw new BusinessFailure('APPID_NOT_EXIST', 'appid不存在')
    }
    checkRules(entry.rules, message)
    return { ...head, result_code: 'SUCCESS', ...entry.answer(message, world, signType) }
  } catch (error) {
    if (!(error instanceof BusinessFailure)) throw error
    return { ...head, result_code: 'FAIL', err_code: error.code, err_code_des: error.message }
  }
}

const isNonce = (text: string): boolean => text.length <= 32
