import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Cause, causes } from '../../shared/diagnosis/causes.js'
import { type ProviderId, providerIds } from '../../shared/payment/provider.js'

/** Every cause is planted in a test of each payment system whose messages can fail by it. */

const files: Readonly<Record<ProviderId, string>> = {
  'weixin-v2': 'weixinV2.test.ts',
  'weixin-v3': 'weixinV3.test.ts',
  alipay: 'alipay.test.ts',
}

/** Those that not every one of them knows. */
const particular: Readonly<Partial<Record<Cause, readonly ProviderId[]>>> = {
  'probe traffic': ['weixin-v3'],
  'clock off': ['weixin-v3'],
  'headers lost': ['weixin-v3'],
  'own serial': ['weixin-v3'],
  'unknown serial': ['weixin-v3'],
  'V2 key for V3': ['weixin-v3'],
  'V3 key for V2': ['weixin-v2'],
  'letter case': ['weixin-v2'],
  'application key for the Alipay key': ['alipay'],
  'own signature': ['alipay'],
  'wrong serial': ['weixin-v3', 'alipay'],
  // A wrong V2 signature tells nothing of what it was made over.
  'changed on the way': ['weixin-v3', 'alipay'],
}

t.test('every cause, in every payment system', async (t) => {
  for (const cause of Object.keys(causes) as Cause[]) {
    for (const id of particular[cause] ?? providerIds) {
      const text = readFileSync(join(import.meta.dirname, files[id]), 'utf8')
      t.match(text, new RegExp(`\\['${cause}'|^ +'${cause}',$`, 'm'), `${cause}: ${id}`)
    }
  }
})
