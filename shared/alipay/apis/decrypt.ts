import { alipayAppSettings } from '../../config/providerSettings.js'
import { ALIPAY_DECRYPTION_FAILED, type OpenapiError, openapiError } from '../../errors/index.js'
import { readJson } from '../../json.js'
import { object, optional, text } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { clientOf } from '../api.js'
import { failure } from '../failure.js'
import { canVerify, verifySignature } from '../keys/verifySignature.js'
import { decryptContent } from '../request.js'
import { settingMissing } from '../signature.js'

const input = object({
  response: text({ max: 8192, like: 'the response that my.getPhoneNumber gave, as it is' }),
  sign: optional(text({ max: 1024, like: 'the sign inside that response, where it was taken apart' })),
})

interface SignedResponse {
  response: string
  sign: string
}

/**
 * The phone number a user agreed to give. What `my.getPhoneNumber` hands to the page is signed by Alipay
 * and encrypted with ALIPAY_AES_KEY; nothing in it tells when or for whose login it was made. Everything that can go wrong
 * with it is one error. https://opendocs.alipay.com/mini/api/getphonenumber
 */
export const getPhoneNumber = {
  name: 'decrypt.getPhoneNumber',
  doc: 'https://opendocs.alipay.com/mini/api/getphonenumber',
  title: {
    en: 'The phone number that a user agreed to give, by what my.getPhoneNumber answered',
    zh: '获取用户绑定的手机号，凭 my.getPhoneNumber 的返回值',
  },
  input,
  settings: alipayAppSettings,
  repeat: 'safe',
  reach: 'client',
  async run(given: { response: string; sign?: string | undefined }, context: Context) {
    const client = clientOf(context)
    const { app } = client
    if (!canVerify(app)) throw settingMissing(app, 'key of Alipay', 'ALIPAY_PUBLIC_KEY')
    if (app.aesKey === undefined) throw settingMissing(app, 'key for encrypted content', 'ALIPAY_AES_KEY')
    const { response, sign } = signedResponse(given)
    // The samples sign the response with its quotes; whether all clients do is documented nowhere.
    const texts = [`"${response}"`, response]
    if (await verifySignature(client, { sign, texts, from: 'call' })) throw decryptionFailed()
    return phoneOf(fieldsOf(() => decryptContent(app, response)))
  },
} as const satisfies Operation<typeof input>

/** Pages pass on the whole text they got, or the two parts of it. */
function signedResponse({ response, sign }: { response: string; sign?: string | undefined }): SignedResponse {
  if (sign !== undefined) return { response, sign }
  const whole = fieldsOf(() => response)
  if (typeof whole.response === 'string' && typeof whole.sign === 'string') {
    return { response: whole.response, sign: whole.sign }
  }
  throw decryptionFailed()
}

function fieldsOf(textOf: () => string): Record<string, unknown> {
  try {
    const fields: unknown = readJson(textOf())
    if (typeof fields === 'object' && fields !== null) return { ...fields }
  } catch {
    // The same error for every step: which one failed would show a forger whether a text had good padding.
  }
  throw decryptionFailed()
}

/** Alipay's refusals are encrypted as well, with names in camelCase. */
function phoneOf(fields: Record<string, unknown>): { phoneNumber: string } {
  const { code, msg, subCode, subMsg, mobile } = fields
  if (code === '10000' && typeof mobile === 'string') return { phoneNumber: mobile }
  throw failure({ fields: { code, msg, sub_code: subCode, sub_msg: subMsg }, isVerified: true })
}

const decryptionFailed = (): OpenapiError => openapiError(ALIPAY_DECRYPTION_FAILED)
