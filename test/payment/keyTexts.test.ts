import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import NodeRSA from 'node-rsa'
import t from 'tap'
import { signedParams } from '../../shared/alipay/request.js'
import { canonical } from '../../shared/alipay/signature.js'
import { systemClock, systemRandom } from '../../shared/clock.js'
import { alipayApp } from '../../shared/config/alipayApp.js'
import { environmentSource, type SettingName, Settings, settingInfo } from '../../shared/config/index.js'
import { weixinMerchants } from '../../shared/config/weixinMerchant.js'
import { clientCertificate } from '../../shared/payment/weixin-v2/certificate.js'
import type { V2Merchant } from '../../shared/payment/weixin-v2/signature.js'
import {
  authorization,
  merchantKey,
  publicKeyOf,
  type V3Merchant,
} from '../../shared/payment/weixin-v3/signature.js'
import { apiSecurityOf, encryptRequest } from '../../shared/weixin/apiSecurity.js'
import { issue } from '../../tools/emulator/platforms/certificates/index.js'

/**
 * Keys that `node:crypto` does not read, through the settings of each provider, and node-rsa as the judge of what is
 * signed with them. It judges in its `browser` environment, where it does its own arithmetic: in `node` it would ask
 * `node:crypto`. The scheme is always named: version 2 of node-rsa means PSS where version 1 means PKCS#1 v1.5.
 */

const texts = JSON.parse(
  readFileSync(new URL('../vectors/openssh-keys.json', import.meta.url), 'utf8'),
) as Record<'openssh' | 'pkcs1' | 'publicKey', string>

const { n, e, ...secret } = createPrivateKey(texts.pkcs1).export({ format: 'jwk' })
const components = JSON.stringify(new NodeRSA(texts.pkcs1, 'pkcs1').exportKey('components-private'))
const folder = t.testdir({ 'key.json': components, id_rsa: texts.openssh })

const privateKeys: Readonly<Record<string, string>> = {
  'an OpenSSH key': texts.openssh,
  'an OpenSSH key on one line': Buffer.from(texts.openssh).toString('base64'),
  'an OpenSSH key, by path': `${folder}/id_rsa`,
  components: components,
  'components on one line': Buffer.from(components).toString('base64'),
  'components, by path': `${folder}/key.json`,
  'a JSON Web Key': JSON.stringify({ n, e, ...secret }),
}
const publicKey = JSON.stringify({ n, e })

function accepts(signingScheme: NodeRSA.Options['signingScheme'], text: string, signature: string): boolean {
  const judge = new NodeRSA(texts.publicKey, 'pkcs8-public-pem', { environment: 'browser', signingScheme })
  return judge.verify(Buffer.from(text), Buffer.from(signature, 'base64'))
}

const PKCS1 = { scheme: 'pkcs1', hash: 'sha256' } as const
const PKCS1_SHA1 = { scheme: 'pkcs1', hash: 'sha1' } as const
const PSS = { scheme: 'pss', hash: 'sha256', saltLength: 32 } as const

const settings = (env: Record<string, string>): Settings =>
  new Settings([environmentSource(env)], new Set(Object.keys(settingInfo) as SettingName[]))

for (const [name, privateKey] of Object.entries(privateKeys)) {
  t.test(`WeChat Pay V3 with ${name}`, async (t) => {
    const single = {
      ...{ WEIXIN_MCH_ID: '1900000109', WEIXIN_PAY_V3_KEY: '0123456789abcdef0123456789abcdef' },
      ...{ WEIXIN_PAY_SERIAL_NO: 'AA00000001', WEIXIN_PAY_PRIVATE_KEY: privateKey },
      ...{ WEIXIN_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_1', WEIXIN_PAY_PUBLIC_KEY: publicKey },
    }
    const v3 = { key: single.WEIXIN_PAY_V3_KEY, serialNo: 'AA00000001', privateKey }
    const listed = { WEIXIN_MERCHANTS: JSON.stringify([{ mchId: '1900000109', v3 }]) }
    for (const env of [single, listed]) {
      const [merchant] = weixinMerchants(settings(env)) as V3Merchant[]
      if (!merchant) throw new Error('no merchant')
      const request = { method: 'POST', target: '/v3/refund/domestic/refunds', body: '{"reason":"退款"}' }
      const header = authorization(merchant, request, { timestamp: '1769832000', nonceStr: '593BEC0C93' })
      const [, signature = ''] = /signature="([^"]+)"/.exec(header) ?? []
      const signed = `POST\n${request.target}\n1769832000\n593BEC0C93\n${request.body}\n`
      t.ok(accepts(PKCS1, signed, signature))
      t.notOk(accepts(PKCS1, `${signed}\n`, signature))
      t.equal(merchantKey(merchant), merchantKey(merchant), 'read once')
      if (env === single)
        t.ok(publicKeyOf(merchant, 'PUB_KEY_ID_1')?.equals(createPublicKey(texts.publicKey)))
    }
  })

  t.test(`Alipay with ${name}`, async (t) => {
    const appId = '2021000122671080'
    const listed = { ALIPAY_APPS: JSON.stringify([{ appId, privateKey, publicKey }]) }
    const single = { ALIPAY_APP_ID: appId, ALIPAY_PRIVATE_KEY: privateKey, ALIPAY_PUBLIC_KEY: publicKey }
    for (const [env, scheme] of [
      [single, PKCS1],
      [listed, PKCS1],
      [{ ...single, ALIPAY_SIGN_TYPE: 'RSA' }, PKCS1_SHA1],
    ] as const) {
      const call = {
        method: 'alipay.trade.refund',
        bizContent: { out_trade_no: 'T1', refund_amount: '19.99' },
      }
      const { sign = '', ...fields } = Object.fromEntries(signedParams(alipayApp(settings(env)), call, 0))
      const signed = canonical(Object.entries(fields))
      t.ok(accepts(scheme, signed, sign))
      t.notOk(accepts(scheme, signed.replace('19.99', '19.98'), sign))
    }
  })

  t.test(`the client certificate of WeChat Pay V2 with ${name}`, async (t) => {
    const key = createPrivateKey(texts.pkcs1)
    const keys = { privateKey: key, publicKey: createPublicKey(key) }
    const cert = issue({ name: '1900000109', serialNo: '5'.padEnd(40, '1'), keys })
    const env = {
      ...{ WEIXIN_MCH_ID: '1900000109', WEIXIN_PAY_KEY: '0123456789abcdef0123456789abcdef' },
      ...{ WEIXIN_PAY_CERT: cert, WEIXIN_PAY_CERT_KEY: privateKey },
    }
    const [merchant] = weixinMerchants(settings(env)) as V2Merchant[]
    if (!merchant) throw new Error('no merchant')
    const pair = await clientCertificate(merchant, Date.UTC(2030, 0, 1))
    t.doesNotThrow(() => createSecureContext(pair), 'TLS takes it')
  })

  // Its settings are texts, as the console shows them.
  if (!texts.openssh.includes(privateKey) && !privateKey.startsWith('{')) continue
  t.test(`WeChat's API security with ${name}`, async (t) => {
    const env = {
      ...{ WEIXIN_APP_ID: 'wx0123456789abcdef', WEIXIN_API_PRIVATE_KEY: privateKey },
      ...{ WEIXIN_API_SYMMETRIC_KEY: Buffer.alloc(32, 7).toString('base64'), WEIXIN_API_CERT: publicKey },
      ...{ WEIXIN_API_SYMMETRIC_KEY_SN: 'a', WEIXIN_API_CERT_SN: 'b' },
    }
    const security = apiSecurityOf('wx0123456789abcdef', settings(env))
    if (!security) throw new Error('not set')
    const tools = { clock: systemClock, random: systemRandom }
    const { headers, body } = encryptRequest('/wxa/msg_sec_check', { openid: 'o' }, security, tools)
    const address = 'https://api.weixin.qq.com/wxa/msg_sec_check'
    const signed = `${address}\nwx0123456789abcdef\n${headers['wechatmp-timestamp']}\n${body}`
    t.ok(accepts(PSS, signed, headers['wechatmp-signature'] ?? ''))
    t.notOk(accepts(PKCS1, signed, headers['wechatmp-signature'] ?? ''))
  })
}
