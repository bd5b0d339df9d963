import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { OpenapiError } from '../../shared/errors/index.js'
import { decryptUserData } from '../../shared/weixin/userData.js'

/** A published shape of WeChat's data, sealed with a key of our own. */
const vector = {
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
  iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  encryptedData:
    'xT8p8W6jIVdEWQ+ccHuD2bmG5RSiwg14VWRFw/UGVh6Aj+jDIadafJ4xdCIBQ/uxDiyw/MZWvpFyRn3pP3xxVfNQxFtzghvK+Pj5JQI7x41EpnirOxeUcm4HWRdmzGJla5bZSoGnOCbsXv5pRwGUkKrjqXN+ahUvXsHu7s3UO17Wm7voWb/tLcxrZfVTyk0rxntL3Fq2vaQdw+WIdarjGw==',
}
const APP_ID = 'wx4f4bc4dec97d474b'
const AT = 1477314187_000

const seal = (text: string, key = vector.sessionKey): string => {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(key, 'base64'), Buffer.from(vector.iv, 'base64'))
  return Buffer.concat([cipher.update(text), cipher.final()]).toString('base64')
}

/** Every way to fail looks the same from outside. */
const failure = (sealed: typeof vector, appId = APP_ID, now = AT): string => {
  try {
    return JSON.stringify(decryptUserData(sealed, appId, now))
  } catch (error) {
    return error instanceof OpenapiError && error.cause === undefined
      ? `${error.errCode} ${error.errMsg}`
      : `escaped: ${error}`
  }
}

const THE_ERROR = failure({ ...vector, encryptedData: '' })

t.test('what WeChat sealed is opened', async (t) => {
  t.match(decryptUserData(vector, APP_ID, AT), { phoneNumber: '13580006666', countryCode: '86' })
  t.match(decryptUserData(vector, APP_ID, AT + 300_000), {}, 'five minutes later')
  t.match(THE_ERROR, /^DECRYPTION_FAILED encryptedData: /)
})

t.test('another application, another time and every broken text are one and the same error', async (t) => {
  t.equal(failure(vector, 'wx0123456789abcdef'), THE_ERROR)
  t.equal(failure(vector, APP_ID, AT + 301_000), THE_ERROR)
  t.equal(failure(vector, APP_ID, AT - 301_000), THE_ERROR)
  t.equal(failure({ ...vector, sessionKey: 'AAAA' }), THE_ERROR)
  t.equal(failure({ ...vector, iv: 'AAAA' }), THE_ERROR)
  for (const text of [
    'null',
    '[]',
    '7',
    '{}',
    '{"watermark":null}',
    '{"watermark":{"appid":1}}',
    'not JSON',
  ]) {
    t.equal(failure({ ...vector, encryptedData: seal(text) }), THE_ERROR, text)
  }
  const undated = { ...vector, encryptedData: seal(`{"watermark":{"appid":"${APP_ID}"}}`) }
  t.equal(failure(undated), THE_ERROR, 'data without a time')
})

t.test('random garbage never escapes as another error', async () => {
  const text = fc.oneof(fc.string(), fc.base64String({ maxLength: 200 }))
  fc.assert(
    fc.property(text, text, text, (encryptedData, iv, sessionKey) => {
      return failure({ encryptedData, iv, sessionKey }) === THE_ERROR
    }),
  )
})

t.test('every single changed byte gives the same error', async () => {
  const bytes = Buffer.from(vector.encryptedData, 'base64')
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ change, at)
      const answer = failure({ ...vector, encryptedData: changed.toString('base64') })
      // CBC proves nothing: a change inside a value may leave good JSON, whose watermark still holds.
      return answer === THE_ERROR || answer.startsWith('{')
    }),
  )
})
