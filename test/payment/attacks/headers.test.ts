import { header } from './changes.js'
import { play } from './play.js'
import { believed, type Cell, none, type Row, refused } from './table.js'
import * as v3 from './weixinV3.js'

const v3Only = (cell: Cell): Row['cells'] => ({
  'weixin-v2': none('signs no header'),
  'weixin-v3': cell,
  alipay: none('signs no header'),
})

const names = ['timestamp', 'nonce', 'signature', 'serial'].map((name) => `wechatpay-${name}`)

/** As the sender's clock has it, so many seconds off. */
const offBy = (seconds: number) => header('wechatpay-timestamp', (was) => String(Number(was) + seconds))

const signedAt =
  (seconds: number): ReturnType<typeof header> =>
  (genuine) =>
    v3.notice({})({
      ...genuine,
      clock: { ...genuine.clock, now: () => genuine.clock.now() + seconds * 1000 },
    })

const WINDOW =
  'A signature is good for five minutes in either direction, or a message can be replayed for ever.'
const SERIALS = 'The key is chosen by the serial alone; unknown ones are refused without asking anybody.'

const rows: Row[] = [
  ...names.flatMap((name): Row[] => [
    {
      name: `${name} missing`,
      trap: 'A missing header read as 0 or as an empty text fails for the wrong reason, or not at all.',
      cells: v3Only(refused('signature missing', header(name, undefined))),
    },
    {
      name: `${name} empty`,
      trap: 'Empty is as good as missing.',
      cells: v3Only(refused('signature missing', header(name, ''))),
    },
    {
      name: `${name} twice`,
      trap: 'Which of the two is meant would be the choice of the sender.',
      cells: v3Only(
        refused(
          'malformed',
          header(name, (was) => [was, was]),
        ),
      ),
    },
  ]),
  {
    name: 'a probe',
    trap: 'WeChat Pay sends signatures that begin with WECHATPAY/SIGNTEST/ to see whether they are refused.',
    cells: v3Only(
      refused(
        'signature probe',
        header('wechatpay-signature', (was) => `WECHATPAY/SIGNTEST/${was.slice(19)}`),
      ),
    ),
  },
  { name: 'five minutes old', trap: WINDOW, cells: v3Only(refused('time out of range', signedAt(-300))) },
  { name: 'five minutes early', trap: WINDOW, cells: v3Only(refused('time out of range', signedAt(300))) },
  { name: 'an hour old', trap: WINDOW, cells: v3Only(refused('time out of range', signedAt(-3600))) },
  { name: 'nearly five minutes old', trap: WINDOW, cells: v3Only(believed(signedAt(-299))) },
  { name: 'nearly five minutes early', trap: WINDOW, cells: v3Only(believed(signedAt(299))) },
  {
    name: 'the time in milliseconds',
    trap: WINDOW,
    cells: v3Only(
      refused(
        'malformed',
        header('wechatpay-timestamp', (was) => `${was}000`),
      ),
    ),
  },
  {
    name: 'the time in words',
    trap: 'Not a number is neither old nor new.',
    cells: v3Only(refused('malformed', header('wechatpay-timestamp', 'now'))),
  },
  {
    name: 'a negative time',
    trap: WINDOW,
    cells: v3Only(
      refused(
        'malformed',
        header('wechatpay-timestamp', (was) => `-${was}`),
      ),
    ),
  },
  {
    name: 'another time than was signed',
    trap: 'An old message with a fresh date.',
    cells: v3Only(refused('signature wrong', offBy(-1))),
  },
  {
    name: 'another nonce than was signed',
    trap: 'All three lines are covered.',
    cells: v3Only(refused('signature wrong', header('wechatpay-nonce', 'other'))),
  },
  {
    name: 'a public key id that nobody knows',
    trap: SERIALS,
    cells: v3Only(refused('signature key unknown', v3.notice({}, { signer: { serial: 'PUB_KEY_ID_9' } }))),
  },
  {
    name: 'a certificate that nobody knows',
    trap: SERIALS,
    cells: v3Only(
      refused('signature key unknown', v3.notice({}, { signer: { serial: 'F5765756002FDD77' } })),
    ),
  },
  {
    name: "the merchant's own serial",
    trap: 'Two serial numbers, of the certificate that signs requests and of the one that signs answers.',
    cells: v3Only(
      refused('signature key unknown', (genuine) =>
        v3.notice({}, { signer: { serial: genuine.platforms.files.serialNo } })(genuine),
      ),
    ),
  },
  {
    name: 'the serial __proto__',
    trap: 'Names from outside as keys of an object find what nobody put there.',
    cells: v3Only(refused('signature key unknown', v3.notice({}, { signer: { serial: '__proto__' } }))),
  },
]

play('headers', rows)
