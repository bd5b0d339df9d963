import { keyPair } from '../../../tools/emulator/platforms/certificates/index.js'
import * as alipay from './alipay.js'
import { asItCame, header, swap } from './changes.js'
import { play } from './play.js'
import { believed, everywhere, type Genuine, none, type Row, refused, v2Payment } from './table.js'
import * as v2 from './weixinV2.js'
import * as v3 from './weixinV3.js'

const stranger = keyPair('stranger').privateKey
const merchants = ({ platforms }: Genuine) => platforms.files.keys.privateKey
const applications = ({ platforms }: Genuine) =>
  keyPair(`alipay application ${platforms.alipay.account.appId}`).privateKey

/** As long as a real one. */
const NO_SIGNATURE = Buffer.alloc(256, 1).toString('base64')

const v2Sign = (change: (sign: string) => string) =>
  v2.payment({}, { written: (text) => text.replace(/(?<=<sign><!\[CDATA\[)\w+/, change) })
const alipaySign = (sign: string) => swap(/&sign=[^&]*/, sign)
const v3Sign = (sign: Parameters<typeof header>[1]) => header('wechatpay-signature', sign)

const ONE_KEY = none('one key for both directions: whoever signs with it is the provider')

const rows: Row[] = [
  {
    name: 'as it came',
    trap: 'A table that refuses everything would be green without this row.',
    cells: everywhere(believed(asItCame)),
  },
  {
    name: 'no signature',
    trap: 'A verifier that skips a missing signature is open to forged success.',
    cells: {
      'weixin-v2': v2Payment(refused('signature missing', swap(/<sign>.*<\/sign>/, ''))),
      'weixin-v3': refused('signature missing', v3Sign(undefined)),
      alipay: refused('signature missing', alipaySign('')),
    },
  },
  {
    name: 'an empty signature',
    trap: 'Empty is as good as missing, and must not equal an empty digest.',
    cells: {
      'weixin-v2': v2Payment(
        refused(
          'signature missing',
          v2Sign(() => ''),
        ),
      ),
      'weixin-v3': refused('signature missing', v3Sign('')),
      alipay: refused('signature missing', alipaySign('&sign=')),
    },
  },
  {
    name: 'a signature of the right form',
    trap: 'Only the verification itself can find this one out.',
    cells: {
      'weixin-v2': v2Payment(
        refused(
          'signature wrong',
          v2Sign(() => 'F'.repeat(32)),
        ),
      ),
      'weixin-v3': refused('signature wrong', v3Sign(NO_SIGNATURE)),
      alipay: refused('signature wrong', alipaySign(`&sign=${encodeURIComponent(NO_SIGNATURE)}`)),
    },
  },
  {
    name: 'half a signature',
    trap: 'Comparisons up to the shorter length, and verifiers that throw at odd lengths.',
    cells: {
      'weixin-v2': v2Payment(
        refused(
          'signature wrong',
          v2Sign((sign) => sign.slice(0, 16)),
        ),
      ),
      'weixin-v3': refused(
        'signature wrong',
        v3Sign((was) => was.slice(0, 100)),
      ),
      alipay: refused('signature wrong', swap(/&sign=(?:%..|[^&]){40}/, '&sign=')),
    },
  },
  {
    name: 'a signature that is none',
    trap: 'Malformed base64 is a wrong signature, not an exception.',
    cells: {
      'weixin-v2': v2Payment(
        refused(
          'signature wrong',
          v2Sign(() => '%%%'),
        ),
      ),
      'weixin-v3': refused('malformed', v3Sign('<script>')),
      alipay: refused('signature wrong', alipaySign('&sign=%25%25%25')),
    },
  },
  {
    name: 'a signature in other letters, or with a space',
    trap: 'Comparisons that are kinder than the provider widen what counts as signed.',
    cells: {
      'weixin-v2': v2Payment(
        refused(
          'signature wrong',
          v2Sign((sign) => `${sign.toLowerCase()} `),
        ),
      ),
      'weixin-v3': refused(
        'malformed',
        v3Sign((was) => `${was.slice(0, 9)} ${was.slice(9)}`),
      ),
      alipay: refused('signature wrong', swap(/(&sign=)(.)/, '$1_$2')),
    },
  },
  {
    name: "a stranger's key",
    trap: 'Well made with another key, under the name of the right one.',
    cells: {
      'weixin-v2': v2Payment(refused('signature wrong', v2.payment({}, { key: 'f'.repeat(32) }))),
      'weixin-v3': refused('signature wrong', v3.notice({}, { signer: { key: stranger } })),
      alipay: refused('signature wrong', alipay.notice({}, { key: stranger })),
    },
  },
  {
    name: "the merchant's own key",
    trap: 'Verify with the key of the provider, not with the one of the application.',
    cells: {
      'weixin-v2': ONE_KEY,
      'weixin-v3': refused('signature wrong', (genuine) =>
        v3.notice({}, { signer: { key: merchants(genuine) } })(genuine),
      ),
      alipay: refused('signature wrong', (genuine) =>
        alipay.notice({}, { key: applications(genuine) })(genuine),
      ),
    },
  },
  ...['', 'undefined'].map(
    (key): Row => ({
      name: `the key "${key}"`,
      trap: 'A key that was not there became a text, and everybody knows that text.',
      cells: {
        'weixin-v2': v2Payment(refused('signature wrong', v2.payment({}, { key }))),
        'weixin-v3': none('a key pair, no shared text'),
        alipay: none('a key pair, no shared text'),
      },
    }),
  ),
]

play('signatures', rows)
