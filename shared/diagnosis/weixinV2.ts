import { md5Hex, openAes256Ecb, sameText } from '../crypto/index.js'
import type { Bilingual, HttpCall } from '../operation/index.js'
import type { Refusal } from '../payment/provider.js'
import type { V2Merchant } from '../payment/weixin-v2/call.js'
import { readMessage } from '../payment/weixin-v2/message.js'
import { canonical, isSigned, signature } from '../payment/weixin-v2/sign.js'
import type { FlatXml } from '../xml/index.js'
import { type Finding, named } from './findings.js'
import { hasLostBytes, originalBodies } from './originals.js'
import { isUnread, misdirected } from './strangers.js'
import { originalFields } from './weixinV2Fields.js'

/** Why WeChat Pay V2's verification refused a call. Nothing when it does not look like anything known. */
export function explainV2(
  merchant: V2Merchant,
  call: Pick<HttpCall, 'headers' | 'rawBody'>,
  reason: Refusal,
): Finding | undefined {
  const { rawBody: body } = call
  if (isUnread(reason)) return misdirected(call, reason, 'weixin-v2') ?? wrapped(merchant, body)
  const fields = readMessage(body)
  if (typeof fields === 'string') return undefined
  if (reason === 'not decryptable') return openedByV3Key(merchant, fields)
  if (reason === 'signature type not ours')
    return { cause: 'other algorithm', detail: named(fields.get('sign_type') ?? '') }
  return reason === 'signature wrong' ? wronglySigned(merchant, fields) : undefined
}

/** The body that was sent, if something in front has put it into another form. */
function wrapped(merchant: V2Merchant, body: Buffer): Finding | undefined {
  const isOurs = (original: Buffer) => {
    const fields = readMessage(original)
    return (
      typeof fields !== 'string' &&
      (isSigned(fields, merchant.key, merchant.signType) || fields.has('req_info'))
    )
  }
  for (const [cause, original] of originalBodies(body)) if (isOurs(original)) return { cause }
  const text = body.toString('utf8')
  if (/^\s*[{["]/.test(text)) {
    const fields = fieldsIn(text)
    if (fields && isSigned(fields, merchant.key, merchant.signType)) return { cause: 're-serialised JSON' }
  }
  if (/^%3Cxml/i.test(text.trimStart())) return { cause: 'double decoding' }
  return text.includes('return_code') && hasLostBytes(text) ? { cause: 'bytes lost' } : undefined
}

/** The fields of a message that was made an object, as the usual XML readers do, each value perhaps in a list. */
function fieldsIn(text: string): FlatXml | undefined {
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value === 'string') {
      const fields = readMessage(Buffer.from(value))
      return typeof fields === 'string' ? undefined : fields
    }
    const root = (value as { xml?: object }).xml ?? (value as object)
    return new Map(
      Object.entries(root).map(([name, each]) => [name, String(Array.isArray(each) ? each[0] : each)]),
    )
  } catch {
    return undefined
  }
}

const otherType = { MD5: 'HMAC-SHA256', 'HMAC-SHA256': 'MD5' } as const

function wronglySigned({ key, signType, v3 }: V2Merchant, fields: FlatXml): Finding {
  const other = otherType[signType]
  if (isSigned(fields, key, other)) {
    return { cause: 'other algorithm', detail: { en: `signed by ${other}`, zh: `签名算法为 ${other}` } }
  }
  if (v3 && [signType, other].some((type) => isSigned(fields, v3.key, type)))
    return { cause: 'V3 key for V2' }
  const sign = fields.get('sign') ?? ''
  if (sameText(sign.toUpperCase(), signature(fields, key, signType))) return { cause: 'letter case' }
  for (const [cause, original] of originalFields(fields)) {
    if (isSigned(original, key, signType)) return { cause }
  }
  return hasLostBytes(canonical(fields))
    ? { cause: 'bytes lost' }
    : {
        cause: 'other key',
        detail: v3?.key === key ? sameKeys : { en: 'or a field was changed', zh: '或某个字段被改动' },
      }
}

/** Allowed, and more often a key that was pasted twice. */
const sameKeys: Bilingual = {
  en: 'WEIXIN_PAY_KEY is the same as WEIXIN_PAY_V3_KEY, or a field was changed',
  zh: 'WEIXIN_PAY_KEY 与 WEIXIN_PAY_V3_KEY 相同，或某个字段被改动',
}

function openedByV3Key({ v3 }: V2Merchant, fields: FlatXml): Finding {
  try {
    openAes256Ecb(md5Hex(v3?.key ?? ''), fields.get('req_info') ?? '')
    return { cause: 'V3 key for V2' }
  } catch {
    return {
      cause: 'other key',
      detail: { en: 'WEIXIN_PAY_KEY does not open req_info', zh: 'WEIXIN_PAY_KEY 无法解开 req_info' },
    }
  }
}
