import t from 'tap'
import type { InputOf, OutputOf } from '../../shared/operation/index.js'
import type { getDailyRetain } from '../../shared/weixin/apis/analysis.js'
import type { send as sendCustomer } from '../../shared/weixin/apis/customerServiceMessage.js'
import type { getPhoneNumber } from '../../shared/weixin/apis/decrypt.js'
import type { aiCrop } from '../../shared/weixin/apis/img.js'
import type { uploadShippingInfo } from '../../shared/weixin/apis/order.js'
import type { imgSecCheck, msgSecCheck } from '../../shared/weixin/apis/security.js'
import type { send as subscribe } from '../../shared/weixin/apis/subscribeMessage.js'
import type { get } from '../../shared/weixin/apis/wxacode.js'

/** What a caller's compiler knows comes from the entries: this file is checked by tsc, the run only says so. */

const fits = <Type>(...values: Type[]) => values.length

type Refuses<Given, Type> = Given extends Type ? false : true
const refuses = <Given, Type>(..._: Refuses<Given, Type> extends true ? [] : [never]) => true

t.test('inputs', async (t) => {
  t.equal(fits<InputOf<typeof getDailyRetain>>({ beginDate: '20260130', endDate: '20260130' }), 1)
  t.equal(fits<InputOf<typeof get>>({ path: 'p', lineColor: { r: 1, g: '2', b: 3 } }), 1)
  t.equal(
    fits<InputOf<typeof getPhoneNumber>>(
      { code: 'c' },
      { encryptedData: 'e', iv: 'i' },
      { encryptedData: 'e', iv: 'i', sessionKey: 'k' },
    ),
    3,
  )
  t.equal(
    fits<InputOf<typeof msgSecCheck>>(
      { content: 'c', version: 1 },
      { content: 'c', version: 2, scene: 1, openid: 'o' },
      { content: 'c', scene: 1, openid: 'o' },
    ),
    3,
  )
  t.equal(
    fits<InputOf<typeof imgSecCheck>>(
      { mediaUrl: 'https://example.com', scene: 1, openid: 'o' },
      { version: 1, media: { contentType: 'image/png', value: Buffer.alloc(1) } },
    ),
    2,
  )
  t.equal(fits<InputOf<typeof aiCrop>>({ img: { contentType: 'image/png', value: 'base64' } }), 1)
  t.equal(fits<InputOf<typeof subscribe>>({ touser: 'o', templateId: 't', data: { a: { value: 1 } } }), 1)
  t.equal(fits<InputOf<typeof sendCustomer>>({ touser: 'o', msgtype: 'text', text: { content: 'c' } }), 1)
  t.equal(fits<InputOf<typeof uploadShippingInfo>['orderKey']>({ orderNumberType: 2, transactionId: 't' }), 1)
  t.ok(
    refuses<{ content: 'c'; version: 2 }, InputOf<typeof msgSecCheck>>(),
    'version 2 wants scene and openid',
  )
  t.ok(refuses<{ code: number }, InputOf<typeof getPhoneNumber>>())
  t.ok(refuses<{ beginDate: string }, InputOf<typeof getDailyRetain>>())
})

t.test('outputs', async (t) => {
  t.equal(fits<OutputOf<typeof get>>({ contentType: 'image/png', buffer: Buffer.alloc(1) }), 1)
  const phone = { phoneNumber: '1', purePhoneNumber: '1', countryCode: '86' }
  const watermark = { timestamp: 1, appid: 'wx' }
  t.equal(
    fits<OutputOf<typeof getPhoneNumber>>({ phoneInfo: { ...phone, watermark } }, { ...phone, watermark }),
    2,
  )
  t.equal(fits<OutputOf<typeof getDailyRetain>['visitUv']>([{ key: 0, value: 1 }]), 1)
  t.equal(fits<OutputOf<typeof msgSecCheck>['result']>({ suggest: 'risky' }), 1)
  t.ok(refuses<{ suggest: 'maybe' }, OutputOf<typeof msgSecCheck>['result']>())
})
