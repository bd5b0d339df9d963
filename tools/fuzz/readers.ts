import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { formFields } from '../../shared/alipay/message.js'
import {
  openAes128Cbc,
  openAes256Ecb,
  openAes256Gcm,
  sealAes128Cbc,
  sealAes256Ecb,
  sealAes256Gcm,
} from '../../shared/crypto/ciphers.js'
import { sha1Hex } from '../../shared/crypto/digest.js'
import { readJson } from '../../shared/json.js'
import { decryptPush, encryptPush } from '../../shared/message/crypto.js'
import { readPush } from '../../shared/message/read.js'
import type { RawBill } from '../../shared/payment/provider.js'
import { alipayRows } from '../../shared/payment/reconcile/bills/reading/alipay.js'
import { alipayFlow } from '../../shared/payment/reconcile/bills/reading/alipayFlow.js'
import { alipayTrade } from '../../shared/payment/reconcile/bills/reading/alipayTrade.js'
import type { BillRows } from '../../shared/payment/reconcile/bills/reading/row.js'
import { weixinRows } from '../../shared/payment/reconcile/bills/reading/weixin.js'
import { weixinFlow } from '../../shared/payment/reconcile/bills/reading/weixinFlow.js'
import { weixinTrade } from '../../shared/payment/reconcile/bills/reading/weixinTrade.js'
import { decryptUserData } from '../../shared/weixin/userData.js'
import { readFlatXml } from '../../shared/xml/flatXml.js'
import type { Target } from './target.js'

/** The readers of XML, forms, JSON and bills, and what decrypts. */

const text = (...lines: string[]): Buffer => Buffer.from(lines.join(''))

const XML: readonly Buffer[] = [
  text(
    '<xml><return_code><![CDATA[SUCCESS]]></return_code><appid>wx0123456789abcdef</appid><mch_id>1900000109</mch_id>',
    '<nonce_str>5K8264ILTKCH16CQ2502SI8ZNMTM67VS</nonce_str><total_fee>1999</total_fee><attach>a&amp;b &#x4e2d;</attach>',
    '<coupon_fee_0>10</coupon_fee_0><sign>0CB01533B8C1EF103065174F50BCA001</sign><empty/></xml>',
  ),
  text('<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n <a>1</a>\n <b><![CDATA[<x>]]>y</b>\n</xml>\n'),
]

const NESTED: readonly Buffer[] = [
  ...XML,
  text(
    '<xml><ToUserName><![CDATA[gh_1]]></ToUserName><CreateTime>1700000000</CreateTime><MsgType>event</MsgType>',
    '<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>t</TemplateId>',
    '<PopupScene>2</PopupScene></List><List><TemplateId>u</TemplateId></List></SubscribeMsgPopupEvent></xml>',
  ),
]

const JSONS: readonly Buffer[] = [
  text(
    '{"id":"EV-1","resource":{"algorithm":"AEAD_AES_256_GCM","ciphertext":"aGVsbG8=","nonce":"abcdefghijkl"}}',
  ),
  text(
    '{"MsgId":24012345678901234567,"n":-0.5e3,"list":[{"a":[1,2,{"b":null}]},true,"\\u4e2d\\"\\\\"],"":{}}',
  ),
]

const FORM: readonly Buffer[] = [
  text(
    'gmt_create=2026-01-01+10%3A00%3A00&charset=utf-8&seller_email=shop%40example.com&subject=%E8%8C%B6&sign=aGVsbG8%3D',
    '&sign_type=RSA2&out_trade_no=order_1&total_amount=19.99&trade_status=TRADE_SUCCESS&app_id=2021009000000109',
  ),
]

/** The sample bills of the tests, as WeChat Pay and Alipay write them. */
const BILLS = new URL('../../test/vectors/bills/', import.meta.url)
const bills = (...names: string[]): Buffer[] => names.map((name) => readFileSync(new URL(name, BILLS)))

/** Rows until the end; the digest, where there is one, is held against the bytes before anything counts. */
async function drained(rows: BillRows<unknown>): Promise<undefined> {
  while (!(await rows.next()).done);
  return undefined
}

const billReader = (name: string, samples: Buffer[], rows: (bill: RawBill) => BillRows<unknown>): Target => ({
  ...{ name, weight: 4, samples },
  read: (file) => drained(rows({ file })),
})

/** A bill whose digest was announced under a signature: a changed one never comes to its end. */
function announcedBill(): Target {
  const [packed = Buffer.alloc(0)] = bills('wx-trade-all.bom.csv.gz')
  const whole = gunzipSync(packed)
  const sha1 = sha1Hex(whole.toString('utf8'))
  return {
    ...{ name: 'bill with a digest', weight: 3, samples: [whole] },
    async read(file) {
      await drained(weixinRows({ file, sha1 }, weixinTrade))
      return file.equals(whole) ? undefined : { wrong: 'a bill was accepted that is not the announced one' }
    },
  }
}

const KEY = Buffer.alloc(32, 'k')
const NONCE = Buffer.alloc(12, 'n')
const SHORT_KEY = Buffer.alloc(16, 'k')
const PLAIN = text('{"out_trade_no":"order_1","amount":{"total":1999},"trade_state":"SUCCESS"}')

function decryptors(): Target[] {
  const gcm = sealAes256Gcm({ key: KEY, nonce: NONCE }, PLAIN)
  const cbc = { key: SHORT_KEY, iv: SHORT_KEY }
  const ecb = sealAes256Ecb(KEY.toString('latin1'), PLAIN.toString())
  const push = encryptPush(KEY, { text: PLAIN, appId: 'wx0123456789abcdef' }, SHORT_KEY)
  const key64 = SHORT_KEY.toString('base64')
  return [
    {
      ...{ name: 'AES-256-GCM', weight: 8, samples: [gcm] },
      read(sealed) {
        openAes256Gcm({ key: KEY, nonce: NONCE }, sealed)
        return sealed.equals(gcm) ? undefined : { wrong: 'opened, and it is not what was sealed' }
      },
    },
    {
      ...{ name: 'AES-128-CBC', weight: 4, samples: [sealAes128Cbc(cbc, PLAIN)] },
      read: (sealed) => void openAes128Cbc(cbc, sealed),
    },
    {
      ...{ name: 'AES-256-ECB', weight: 4, samples: [Buffer.from(ecb)] },
      read(sealed) {
        try {
          openAes256Ecb(KEY.toString('latin1'), sealed.toString('latin1'))
        } catch (error) {
          // OpenSSL says itself what is wrong; its callers take everything for a refusal.
          if (!/^ERR_OSSL|^ERR_CRYPTO/.test(String((error as { code?: unknown }).code))) throw error
        }
        return undefined
      },
    },
    {
      ...{ name: 'push', weight: 6, samples: [Buffer.from(push)] },
      read: (sealed) => void decryptPush(KEY, sealed.toString('utf8')),
    },
    {
      ...{
        name: 'user data',
        weight: 4,
        samples: [Buffer.from(sealAes128Cbc(cbc, PLAIN).toString('base64'))],
      },
      read(encryptedData) {
        const given = { encryptedData: encryptedData.toString('utf8'), iv: key64, sessionKey: key64 }
        decryptUserData(given, 'wx0123456789abcdef', 0)
        return { wrong: 'decrypted, and it has no watermark of ours' }
      },
    },
  ]
}

export const readers = (): Target[] => [
  { name: 'flat XML', weight: 12, samples: XML, read: (input) => void readFlatXml(input.toString('utf8')) },
  {
    ...{ name: 'push text', weight: 8, samples: [...NESTED, ...JSONS] },
    read: async (input) => void (await readPush(input)),
  },
  { name: 'JSON', weight: 10, samples: JSONS, read: (input) => void readJson(input.toString('utf8')) },
  { name: 'form', weight: 10, samples: FORM, read: (input) => void formFields(input) },
  billReader(
    'trade bill of WeChat Pay',
    bills('wx-trade-all.csv', 'wx-trade-refund.csv', 'wx-trade-partner.csv.gz'),
    (bill) => weixinRows(bill, weixinTrade),
  ),
  billReader(
    'fund-flow bill of WeChat Pay',
    bills('wx-fundflow-basic.csv', 'wx-fundflow-basic.bom.csv.gz'),
    (bill) => weixinRows(bill, weixinFlow),
  ),
  billReader('trade bill of Alipay', bills('alipay-trade-day.zip', 'alipay-trade-none.zip'), (bill) =>
    alipayRows(bill, alipayTrade),
  ),
  billReader(
    'fund-flow bill of Alipay',
    bills('alipay-signcustomer-day.zip', 'alipay-signcustomer-16.zip'),
    (bill) => alipayRows(bill, alipayFlow),
  ),
  announcedBill(),
  ...decryptors(),
]
