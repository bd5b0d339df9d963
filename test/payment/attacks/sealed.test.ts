import { swap } from './changes.js'
import { play } from './play.js'
import { acknowledged, believed, type Cell, none, type Row, refused } from './table.js'
import * as v2 from './weixinV2.js'
import * as v3 from './weixinV3.js'

/** Attacks on what WeChat Pay encrypts: all of V3, and V2's refund notices, where nothing is signed. */

const NOT_SEALED = none('signed, not sealed')

const row = (name: string, trap: string, v2Refund: Cell, v3Cell: Cell): Row => ({
  name,
  trap,
  cells: { 'weixin-v2': { payment: NOT_SEALED, refund: v2Refund }, 'weixin-v3': v3Cell, alipay: NOT_SEALED },
})

const closed = (make: ReturnType<typeof v3.notice>): Cell => refused('not decryptable', make)

const box = (name: string, trap: string, fields: object): Row =>
  row(name, trap, none('has no such member'), closed(v3.notice({}, { box: { ...fields } })))

/** AES works on so many bytes at once. */
const BLOCK = 16

const CRASH = 'Nonce and cipher text come from outside: what does not open is an error, not a crash.'
const ECB = 'ECB has no integrity: blocks can be cut, swapped and sent again, so what opens proves nothing.'
const ENVELOPE = 'What a message is about stands in two places, and they have to agree.'
const kind = (name: string, ways: Parameters<typeof v3.notice>[1]): Row =>
  row(name, ENVELOPE, none('has no envelope'), refused('kind not supported', v3.notice({}, ways)))

const rows: Row[] = [
  row(
    "another merchant's key",
    'Only the holder of the key can have written it.',
    closed(v2.refund({}, { key: 'f'.repeat(32) })),
    closed(v3.notice({}, { key: 'f'.repeat(32) })),
  ),
  row(
    'the beginning changed',
    ECB,
    refused(
      'malformed',
      v2.refund({}, { sealed: (bytes) => Buffer.concat([bytes.subarray(BLOCK), bytes.subarray(-BLOCK)]) }),
    ),
    closed(v3.recut((bytes) => Buffer.concat([Buffer.from([(bytes[0] ?? 0) ^ 1]), bytes.subarray(1)]))),
  ),
  row(
    'the end changed',
    'Broken padding, a broken tag: the same answer as for all else, or the answers decrypt the message.',
    closed(v2.refund({}, { sealed: (bytes) => bytes.subarray(0, -BLOCK) })),
    closed(
      v3.recut((bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])])),
    ),
  ),
  row(
    'no cipher text',
    CRASH,
    closed(swap(/<req_info>.*<\/req_info>/, '<req_info></req_info>')),
    closed(v3.recut(() => Buffer.alloc(0))),
  ),
  row(
    'shorter than a block, or than a tag',
    CRASH,
    closed(v2.refund({}, { sealed: () => Buffer.alloc(BLOCK - 1) })),
    closed(v3.recut(() => Buffer.alloc(BLOCK - 1))),
  ),
  row(
    'no base64',
    CRASH,
    closed(swap(/(<req_info>).*(<\/req_info>)/, '$1%%%$2')),
    closed(v3.notice({}, { box: { ciphertext: '%%%' } })),
  ),
  box('another cipher', 'Nothing in a message chooses how it is opened.', { algorithm: 'AEAD_SM4_GCM' }),
  box('a nonce of 16 bytes', CRASH, { nonce: '0123456789abcdef' }),
  box('a nonce of one byte', CRASH, { nonce: '0' }),
  box('no nonce', CRASH, { nonce: undefined }),
  box('other associated data', 'They are covered by the tag.', { associated_data: 'other' }),
  ...['hello', ''].map((said) =>
    row(
      `sealed, and it is "${said}"`,
      'What opens can still be anything.',
      refused('malformed', v2.refund({}, { inner: () => said })),
      refused('malformed', v3.notice({}, { inner: () => said })),
    ),
  ),
  row(
    'everything in the prototype',
    'Only what a message itself says counts, not what its prototype says.',
    none('XML has no prototypes'),
    refused('other merchant', v3.notice({}, { inner: (text) => `{"__proto__":${text}}` })),
  ),
  kind('a resource of another kind', { box: { original_type: 'coupon' } }),
  {
    name: 'event and resource that disagree',
    trap: ENVELOPE,
    cells: {
      'weixin-v2': none('has no envelope'),
      'weixin-v3': {
        payment: refused('kind not supported', v3.notice({}, { box: { original_type: 'refund' } })),
        refund: refused('kind not supported', v3.notice({}, { box: { original_type: 'transaction' } })),
      },
      alipay: NOT_SEALED,
    },
  },
  {
    name: 'a payment that says it is a refund',
    trap: 'Refund notices are not signed: a payment must not get round its signature as one of them.',
    cells: {
      'weixin-v2': {
        payment: refused('not decryptable', swap('</xml>', '<req_info>AAAA</req_info></xml>')),
        refund: none('is one'),
      },
      'weixin-v3': none('both are signed'),
      alipay: none('both are signed'),
    },
  },
  kind('no resource', { envelope: { resource: null } }),
  kind('the envelope in the prototype', { written: (text) => `{"__proto__":${text}}` }),
  ...['<xml/>', '[]', 'null', '"text"', '1'].map((body) =>
    row(
      `signed, and it is ${body}`,
      'What is signed can still be anything.',
      none('not signed'),
      refused('malformed', v3.says(body)),
    ),
  ),
  row(
    'fields around what is sealed',
    'Decrypted fields merged over the outer ones: what nobody proved survives in the result.',
    believed(v2.refund({}, { outer: { refund_fee: '1999', out_refund_no: 'R9', refund_status: 'CHANGE' } })),
    believed(v3.notice({}, { envelope: { amount: { refund: 1999 }, refund_status: 'ABNORMAL' } })),
  ),
  row(
    'a signature where none belongs',
    'V2 refund notices have none; one that is there says nothing.',
    believed(v2.refund({}, { outer: { sign: 'F'.repeat(32), sign_type: 'NONE' } })),
    none('has its signature in a header'),
  ),
  row(
    'a claim about another amount',
    'V2 refund notices prove nothing: what counts is what the refund query answers.',
    believed(v2.refund({ refund_fee: '1999', settlement_refund_fee: '1999' })),
    none('sealed with integrity, and signed'),
  ),
  row(
    'a claim about another refund',
    'V2 refund notices prove nothing: what counts is what the refund query answers.',
    acknowledged(v2.refund(({ outTradeNo }) => ({ out_refund_no: `${outTradeNo}S` }))),
    none('sealed with integrity, and signed'),
  ),
]

play('sealed', rows)
