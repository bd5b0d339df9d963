import { constants, createHash, sign, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { rsaPrivateKey, rsaPublicKey, sealAes256Gcm } from '../../shared/crypto/index.js'
import {
  type ApiSecurity,
  encryptBody,
  encryptRequest,
  verifyAnswer,
} from '../../shared/weixin/apiSecurity.js'
import { newKeyPair } from '../../tools/emulator/platforms/certificates/index.js'
import { APP_ID, inDeployment, NOW } from './deployment.js'
import { importFunction } from './examples.js'

interface Vectors {
  symSn: string
  symKey: string
  appid: string
  urlpath: string
  request: Record<'iv' | 'plain' | 'data' | 'authtag', string> & { timestamp: number; postdataLength: number }
  response: Record<
    | 'certSn'
    | 'iv'
    | 'data'
    | 'authtag'
    | 'sha256OfSignString'
    | 'signature'
    | 'certificatePemBody'
    | 'plain',
    string
  > & { timestamp: number; bodyLength: number }
}

const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname ?? '', '..', 'vectors', 'weixin-api-security.json'), 'utf8'),
) as Vectors

const PATH = new URL(vectors.urlpath).pathname
const own = newKeyPair()
const ownPem = own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const ownPublicPem = own.publicKey.export({ type: 'spki', format: 'pem' }).toString()

const security: ApiSecurity = {
  appId: vectors.appid,
  key: Buffer.from(vectors.symKey, 'base64'),
  keySn: vectors.symSn,
  privateKey: rsaPrivateKey(ownPem),
  publicKey: rsaPublicKey(vectors.response.certificatePemBody),
  certificateSn: vectors.response.certSn,
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

t.test('the published request is encrypted byte by byte', async (t) => {
  const { iv, plain, data, authtag, timestamp, postdataLength } = vectors.request
  const body = encryptBody(PATH, plain, security, { iv: Buffer.from(iv, 'base64'), seconds: timestamp })
  t.strictSame(JSON.parse(body), { iv, data, authtag })
  t.equal(body.length, postdataLength)
})

t.test('a request is signed over its address, application, time and body', async (t) => {
  const seconds = vectors.request.timestamp
  const clock = { now: () => seconds * 1000 + 999, sleep: async () => undefined }
  const { headers, body } = encryptRequest(PATH, { openid: 'o' }, security, {
    clock,
    random: { bytes: (length) => Buffer.alloc(length, 9) },
  })
  t.match(headers, {
    'content-type': 'application/json;charset=utf-8',
    'wechatmp-appid': vectors.appid,
    'wechatmp-timestamp': String(seconds),
  })
  const text = [vectors.urlpath, vectors.appid, seconds, body].join('\n')
  const signature = Buffer.from(headers['wechatmp-signature'] ?? '', 'base64')
  t.ok(verify('sha256', Buffer.from(text), { key: own.publicKey, ...pss }, signature))
})

const { response } = vectors
const answerBody = JSON.stringify({ iv: response.iv, data: response.data, authtag: response.authtag })
const answerHeaders = {
  'wechatmp-appid': vectors.appid,
  'wechatmp-timestamp': String(response.timestamp),
  'wechatmp-serial': response.certSn,
  'wechatmp-signature': response.signature,
}
const answered = (headers: Record<string, string> = answerHeaders, body = answerBody) => ({
  status: 200,
  headers,
  body: Buffer.from(body),
})
const AT = response.timestamp * 1000

t.test('the published answer is verified and decrypted', async (t) => {
  const signed = [vectors.urlpath, vectors.appid, response.timestamp, answerBody].join('\n')
  t.equal(createHash('sha256').update(signed).digest('hex'), response.sha256OfSignString)
  t.equal(verifyAnswer(PATH, answered(), security, AT).body.toString(), response.plain)
  const { 'wechatmp-serial': serial, 'wechatmp-signature': signature, ...rest } = answerHeaders
  const changing = {
    ...rest,
    'wechatmp-serial': 'the-next-certificate',
    'wechatmp-signature': 'its-signature',
    'wechatmp-serial-deprecated': serial,
    'wechatmp-signature-deprecated': signature,
  }
  t.equal(verifyAnswer(PATH, answered(changing), security, AT).body.toString(), response.plain, 'in a change')
})

t.test('whatever does not hold is not believed', async (t) => {
  const refuse = (answer: ReturnType<typeof answered>, why: string, path = PATH, now = AT) => {
    const open = async () => verifyAnswer(path, answer, security, now)
    return open().then(
      () => t.fail(why),
      (error: unknown) => t.match(error, { errCode: 'UPSTREAM_INVALID', outcome: 'unknown' }, why),
    )
  }
  await refuse(answered(answerHeaders, `${answerBody} `), 'a changed body')
  await refuse(answered(), 'another path', '/wxa/msg_sec_check')
  await refuse(answered(), 'too late', PATH, AT + 301_000)
  await refuse(answered(), 'from the future', PATH, AT - 301_000)
  await refuse(answered({ ...answerHeaders, 'wechatmp-appid': APP_ID }), 'another application')
  await refuse(answered({ ...answerHeaders, 'wechatmp-serial': 'unknown' }), 'an unknown certificate')
  await refuse(answered({ ...answerHeaders, 'wechatmp-timestamp': 'x' }), 'no time')
  await refuse(answered({}, '{"errcode":0,"errmsg":"ok","risk_rank":0}'), 'a plain success')
  await refuse(answered({}, '{"risk_rank":0}'), 'a plain success without a code')
  await refuse(answered({}, 'not JSON'), 'no JSON')
  const plainError = answered({}, '{"errcode":40001,"errmsg":"invalid credential"}')
  t.equal(verifyAnswer(PATH, plainError, security, AT), plainError, 'errors come plain')
})

/** Plays WeChat: opens what it gets with its half of the keys, answers with its own. */
const platform = newKeyPair()
const KEY = Buffer.alloc(32, 3)
const KEY_SN = 'fa05fe1e5bcc79b81ad5ad4b58acf787'

t.test('a call of a function with the layer on, there and back', async (t) => {
  const path = '/wxa/msg_sec_check'
  const url = `https://api.weixin.qq.com${path}`
  const seen: { headers: Record<string, unknown>; url?: string | undefined; body: string }[] = []
  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.url?.startsWith('/cgi-bin/stable_token')) {
      reply.end('{"access_token":"ACCESS_TOKEN","expires_in":7200}')
      return
    }
    seen.push({ headers: request.headers, url: request.url, body })
    const seconds = NOW / 1000
    const plain = `{"_n":"n","_appid":"${APP_ID}","_timestamp":${seconds},"errcode":0,"errmsg":"ok","trace_id":36629563220409385012,"result":{"suggest":"pass","label":100}}`
    const nonce = Buffer.alloc(12, 1)
    const associatedData = Buffer.from(`${url}|${APP_ID}|${seconds}|${KEY_SN}`)
    const sealed = sealAes256Gcm({ key: KEY, nonce, associatedData }, Buffer.from(plain))
    const text = JSON.stringify({
      iv: nonce.toString('base64'),
      data: sealed.subarray(0, -16).toString('base64'),
      authtag: sealed.subarray(-16).toString('base64'),
    })
    const signed = Buffer.from(`${url}\n${APP_ID}\n${seconds}\n${text}`)
    reply.setHeader('Wechatmp-Appid', APP_ID)
    reply.setHeader('Wechatmp-TimeStamp', String(seconds))
    reply.setHeader('Wechatmp-Serial', 'platform-1')
    reply.setHeader(
      'Wechatmp-Signature',
      sign('sha256', signed, { key: platform.privateKey, ...pss }).toString('base64'),
    )
    reply.end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const weixin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = {
    WEIXIN_API_SYMMETRIC_KEY: KEY.toString('base64'),
    WEIXIN_API_SYMMETRIC_KEY_SN: KEY_SN,
    WEIXIN_API_PRIVATE_KEY: ownPem.replaceAll('\n', '\\n'),
    WEIXIN_API_CERT: platform.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    WEIXIN_API_CERT_SN: 'platform-1',
  }
  const { main } = await importFunction('securityMsgSecCheck')
  const input = { content: 'hello', scene: 2, openid: 'o' }
  const call = (settings: Record<string, string>) =>
    inDeployment({ weixin, env: settings }, () => main(input, { SOURCE: 'function' }))

  t.match(await call(env), {
    errCode: 0,
    traceId: '36629563220409385012',
    result: { suggest: 'pass', label: 100 },
  })
  t.equal(seen[0]?.url, `${path}?access_token=ACCESS_TOKEN`)
  t.notMatch(seen[0]?.body, /hello/, 'nothing of the content is readable on the way')
  t.match(seen[0]?.headers, { 'wechatmp-appid': APP_ID, 'wechatmp-timestamp': String(NOW / 1000) })

  const { WEIXIN_API_CERT_SN: _sn, ...incomplete } = env
  t.match(await call(incomplete), { errCode: 'MISSING_SETTING', errMsg: /^WEIXIN_API_CERT_SN / })
  t.match(await call({ ...env, WEIXIN_API_SYMMETRIC_KEY: 'AAAA' }), { errCode: 'INVALID_SETTING' })
  t.match(await call({ ...env, WEIXIN_API_PRIVATE_KEY: 'nonsense' }), {
    errCode: 'INVALID_SETTING',
    errMsg: /^WEIXIN_API_PRIVATE_KEY: /,
  })
  t.match(await call({ ...env, WEIXIN_API_CERT_SN: 'other' }), {
    ...{ errCode: 'UPSTREAM_INVALID', outcome: 'unknown', advice: 'fix the settings' },
    errMsg: /signed under platform-1 where other is set: compare WEIXIN_API_CERT and WEIXIN_API_CERT_SN/,
  })
  t.match(await call({ ...env, WEIXIN_API_CERT: ownPublicPem }), {
    ...{ errCode: 'UPSTREAM_INVALID', outcome: 'unknown', advice: 'fix the settings' },
    errMsg: /signature does not hold: compare WEIXIN_API_CERT and WEIXIN_API_CERT_SN with the console/,
  })
})
