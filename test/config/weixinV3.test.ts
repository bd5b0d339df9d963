import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { environmentSource, Settings } from '../../shared/config/index.js'
import { weixinMerchantSettings } from '../../shared/config/providerSettings.js'
import { weixinMerchants } from '../../shared/config/weixinMerchant.js'
import { merchantKey, publicKeyOf, type V3Merchant } from '../../shared/payment/weixin-v3/signature.js'
import { keyPair, pkcs1 } from '../payment/weixin-v3/keys.js'

const pair = keyPair()
const base = {
  WEIXIN_MCH_ID: '1900000109',
  WEIXIN_PAY_V3_KEY: '0123456789abcdef0123456789abcde!',
  WEIXIN_PAY_SERIAL_NO: '3775b6a45acd588826d15e583a95f5dd00000001',
  WEIXIN_PAY_PRIVATE_KEY: pair.privatePem,
}
const publicKey = {
  WEIXIN_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0114232134912410000000000000',
  WEIXIN_PAY_PUBLIC_KEY: pair.publicPem,
}

const read = (env: Record<string, string>) =>
  weixinMerchants(new Settings([environmentSource(env)], new Set(weixinMerchantSettings)))

t.test('the V3 side of the single merchant', async (t) => {
  const { key, ...v3 } = { key: base.WEIXIN_PAY_V3_KEY, serialNo: '3775B6A45ACD588826D15E583A95F5DD00000001' }
  t.match(read(base), [{ mchId: '1900000109', v3: { key, ...v3, publicKeys: [] } }])
  t.match(read({ ...base, ...publicKey }), [
    { v3: { publicKeys: [{ id: publicKey.WEIXIN_PAY_PUBLIC_KEY_ID }] } },
  ])
  t.equal(read({ WEIXIN_MCH_ID: '1900000109' })[0]?.v3, undefined)
})

t.test('more merchants from the list', async (t) => {
  const v3 = {
    key: base.WEIXIN_PAY_V3_KEY,
    serialNo: 'aa00000001',
    privateKey: 'x',
    publicKeys: [{ id: 'PUB_KEY_ID_1', key: 'y' }],
  }
  t.match(read({ WEIXIN_MERCHANTS: JSON.stringify([{ mchId: '1900000110', v3 }]) }), [
    { mchId: '1900000110', v3: { ...v3, serialNo: 'AA00000001' } },
  ])
})

t.test('a missing half of the settings and a wrong value are named, without being repeated', async (t) => {
  const rows: [change: Record<string, string>, errCode: string, named: string][] = [
    [{ WEIXIN_PAY_V3_KEY: '' }, 'MISSING_SETTING', 'WEIXIN_PAY_V3_KEY'],
    [{ WEIXIN_PAY_SERIAL_NO: '' }, 'MISSING_SETTING', 'WEIXIN_PAY_SERIAL_NO'],
    [{ WEIXIN_PAY_PRIVATE_KEY: '' }, 'MISSING_SETTING', 'WEIXIN_PAY_PRIVATE_KEY'],
    [{ ...publicKey, WEIXIN_PAY_PUBLIC_KEY: '' }, 'MISSING_SETTING', 'WEIXIN_PAY_PUBLIC_KEY'],
    [{ ...publicKey, WEIXIN_PAY_PUBLIC_KEY_ID: '' }, 'MISSING_SETTING', 'WEIXIN_PAY_PUBLIC_KEY_ID'],
    [{ WEIXIN_PAY_V3_KEY: 'sixteen-secrets!' }, 'INVALID_SETTING', 'WEIXIN_PAY_V3_KEY'],
    [{ WEIXIN_PAY_V3_KEY: '密'.repeat(32) }, 'INVALID_SETTING', 'WEIXIN_PAY_V3_KEY'],
    [{ WEIXIN_PAY_SERIAL_NO: 'secret' }, 'INVALID_SETTING', 'WEIXIN_PAY_SERIAL_NO'],
    [{ ...publicKey, WEIXIN_PAY_PUBLIC_KEY_ID: 'secret' }, 'INVALID_SETTING', 'WEIXIN_PAY_PUBLIC_KEY_ID'],
    [
      { WEIXIN_MERCHANTS: '[{"mchId":"1900000110","v3":{"key":"secret"}}]' },
      'INVALID_SETTING',
      'WEIXIN_MERCHANTS',
    ],
  ]
  for (const [change, errCode, named] of rows) {
    try {
      read({ ...base, ...change })
      t.fail(named)
    } catch (error) {
      t.match(error, { errCode, errMsg: new RegExp(`^${named}[: ]`) })
      t.notMatch(String(error), /secret/)
    }
  }
})

t.test('keys are text, base64 or a path, and parsed once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weixin-v3-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'apiclient_key.pem')
  writeFileSync(path, pair.privatePem)
  const der = pair.privatePem.replace(/-----[^-]+-----|\s/g, '')
  const written = [
    pair.privatePem,
    pkcs1(pair.privatePem),
    pair.privatePem.replaceAll('\n', '\\n'),
    Buffer.from(pair.privatePem).toString('base64'),
    der,
    path,
  ]
  for (const privateKey of written) {
    const [merchant] = read({ ...base, ...publicKey, WEIXIN_PAY_PRIVATE_KEY: privateKey })
    if (!merchant?.v3) throw new Error('no merchant')
    const signing = { ...merchant, v3: merchant.v3 }
    t.ok(merchantKey(signing).equals(pair.privateKey))
    t.equal(merchantKey(signing), merchantKey(signing), 'the very same object')
    t.ok(publicKeyOf(signing, publicKey.WEIXIN_PAY_PUBLIC_KEY_ID)?.equals(pair.publicKey))
    t.equal(publicKeyOf(signing, 'PUB_KEY_ID_0'), undefined)
  }
})

t.test('a key in the place of the other is named, after any good use of it as well', async (t) => {
  const { privatePem, privateKey, publicPem, publicKey: theirs } = keyPair()
  const merchantOf = (own: string, key: string): V3Merchant =>
    read({ ...base, ...publicKey, WEIXIN_PAY_PRIVATE_KEY: own, WEIXIN_PAY_PUBLIC_KEY: key })[0] as V3Merchant
  const id = publicKey.WEIXIN_PAY_PUBLIC_KEY_ID
  const refusalOf = (work: () => unknown): unknown => {
    try {
      return work()
    } catch (error) {
      return error
    }
  }
  for (const round of ['at first', 'once each was used', 'and again']) {
    const wrong = { errCode: 'INVALID_SETTING', advice: 'fix the settings' }
    const [first, second] = [merchantOf(publicPem, publicPem), merchantOf(privatePem, privatePem)]
    t.match(
      refusalOf(() => merchantKey(first)),
      { ...wrong, errMsg: /^WEIXIN_PAY_PRIVATE_KEY: / },
      round,
    )
    t.match(
      refusalOf(() => publicKeyOf(second, id)),
      { ...wrong, errMsg: /^WEIXIN_PAY_PUBLIC_KEY: / },
      round,
    )
    const good = merchantOf(privatePem, publicPem)
    t.ok(merchantKey(good).equals(privateKey))
    t.ok(publicKeyOf(good, id)?.equals(theirs))
  }
})
