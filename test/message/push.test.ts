import { readFileSync } from 'node:fs'
import t from 'tap'
import { messageReceiver } from '../../shared/message/messageNotify.js'
import type { Operation } from '../../shared/operation/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import type { PushFields } from '../../tools/emulator/platforms/weixin/push/format.js'
import { pushAccountOf } from '../../tools/emulator/platforms/weixin/push/format.js'
import { crashingAfter } from '../payment/crashing.js'
import { importFunction, startRecorder } from '../weixin/examples.js'
import { ACCOUNT, APP_ID, openReceiver, PLAIN, type Receiver, SAFE } from './receiver.js'

/** Pushes that WeChat really sends: each counts, once, in whichever form it comes. */

const { events } = JSON.parse(
  readFileSync(new URL('../vectors/weixin-push.json', import.meta.url), 'utf8'),
) as { events: { event: string; example: PushFields }[] }

const traceId = '60f96f1d-3845297a-1976a3ae'
const example = events.find(({ event }) => event === 'wxa_media_check')?.example ?? {}
const mediaCheck = { ...example, appid: APP_ID }

const messages = (receiver: Receiver) => receiver.delivered.map(({ data }) => data.message)
const kinds = (receiver: Receiver) => receiver.delivered.map(({ type }) => type)

t.test(
  'the local platforms are let in by the address check, push in every mode and format, and are understood',
  async (t) => {
    const forms = (['safe', 'compatible', 'plain'] as const).flatMap((mode) =>
      (['json', 'xml'] as const).map((format) => ({ mode, format })),
    )
    for (const options of forms) {
      await t.test(`${options.mode}, ${options.format}`, async (t) => {
        const receiver = await openReceiver(t)
        const platforms = await startLocalPlatforms({ clock: receiver.clock, app: { appId: APP_ID } })
        t.teardown(() => platforms.close())
        Object.assign(receiver.env, platforms.pushSettings())
        if (options.mode === 'plain') receiver.env.WEIXIN_MESSAGE_AES_KEY = undefined
        const url = await receiver.listen()
        t.match(await platforms.checkPushAddress(url), { accepted: true, status: 200 })
        const delivery = await platforms.push(url, mediaCheck, options)
        t.match(delivery, { state: 'delivered', attempts: [{ status: 200, answer: 'success' }] })
        t.match(receiver.delivered, [
          { type: 'message.mediaCheck', data: { provider: 'weixin', appId: APP_ID } },
        ])
        t.strictSame(messages(receiver), [
          {
            ...{ toUserName: 'gh_9df7d78a1234', fromUserName: 'o4_t144jTUSEoxydysUA2E234_tc' },
            ...{ createTime: 1626959646, msgType: 'event', event: 'wxa_media_check' },
            ...{ appid: APP_ID, traceId, version: 2, errCode: 0, errMsg: 'ok' },
            result: { suggest: 'pass', label: 100 },
            detail: [{ strategy: 'content_model', errCode: 0, suggest: 'pass', label: 100, prob: 90 }],
          },
        ])
        t.strictSame(receiver.refusals(), [])
      })
    }
  },
)

t.test('a push that WeChat repeats counts once, however often and in whatever form', async (t) => {
  const receiver = await openReceiver(t)
  const composed = receiver.compose(mediaCheck)
  const answers = await Promise.all(Array.from({ length: 20 }, () => receiver.call(composed)))
  t.ok(answers.every(({ status, body }) => status === 200 && body === 'success'))
  t.match(await receiver.push(mediaCheck, { format: 'xml' }), { status: 200, body: 'success' })
  t.strictSame(kinds(receiver), ['message.mediaCheck'])
})

t.test('what is not the same is not taken for the same: each kind has its own mark', async (t) => {
  const second = { CreateTime: 1_700_000_000 }
  const shipping = { Event: 'trade_manage_remind_shipping', merchant_id: '19', msg: 'ship it', pay_time: 1 }
  const settlement = { Event: 'trade_manage_order_settlement', transaction_id: '42', merchant_trade_no: 'T1' }
  const sent = (MsgID: string, templateId: string) => ({
    Event: 'subscribe_msg_sent_event',
    List: [{ TemplateId: templateId, MsgID, ErrorCode: '0', ErrorStatus: 'success' }],
  })
  const pairs: Record<string, [PushFields, PushFields]> = {
    'message.mediaCheck': [
      { ...mediaCheck, trace_id: 'a-1' },
      { ...mediaCheck, trace_id: 'a-2' },
    ],
    'message.tradeManageRemindShipping': [
      { ...shipping, ...second, transaction_id: '1' },
      { ...shipping, ...second, transaction_id: '2' },
    ],
    'message.tradeManageOrderSettlement': [
      { ...settlement, CreateTime: 1_700_000_000, shipped_time: 5, estimated_settlement_time: 9 },
      { ...settlement, CreateTime: 1_700_000_900, confirm_receive_method: 2, settlement_time: 9 },
    ],
    'message.subscribeSent': [
      { ...sent('2400000000000000001', 'one'), ...second },
      { ...sent('2400000000000000002', 'two'), ...second },
    ],
    'message.customerMessage': [
      { MsgType: 'text', Content: 'hello', MsgId: 1, ...second },
      { MsgType: 'text', Content: 'hello', MsgId: 2, ...second },
    ],
    'message.other': [
      { Event: 'something_new', order: 'A', ...second },
      { Event: 'something_new', order: 'B', ...second },
    ],
  }
  for (const [type, pair] of Object.entries(pairs)) {
    await t.test(type, async (t) => {
      const receiver = await openReceiver(t)
      for (const fields of [...pair, ...pair]) t.match(await receiver.push(fields), { status: 200 })
      t.strictSame(kinds(receiver), [type, type])
      const [one, other] = receiver.delivered
      t.not(one?.id, other?.id)
    })
  }
})

t.test(
  'JSON and XML tell the same: one item is a list, numbers are numbers, ids keep every digit',
  async (t) => {
    const receiver = await openReceiver(t)
    const item = { TemplateId: 'tpl', SubscribeStatusString: 'accept', PopupScene: '0' }
    const popup = { Event: 'subscribe_msg_popup_event', CreateTime: 1_700_000_000 }
    await receiver.push({ ...popup, List: item })
    await receiver.push({ ...popup, SubscribeMsgPopupEvent: { List: item } }, { format: 'xml' })
    const message = {
      ...{ toUserName: 'gh_0123456789ab', fromUserName: 'oAlice-0123456789abcdefghijk', msgType: 'event' },
      ...{ createTime: 1_700_000_000, event: 'subscribe_msg_popup_event' },
      list: [{ templateId: 'tpl', subscribeStatusString: 'accept', popupScene: '0' }],
    }
    t.strictSame(messages(receiver), [message], 'and so the second one is a repeat')

    const settlement = {
      Event: 'trade_manage_order_settlement',
      transaction_id: '4200001234205001011234567890',
    }
    await receiver.push({ ...settlement, settlement_time: 1_700_000_001 }, { format: 'xml' })
    t.match(messages(receiver)[1], {
      transactionId: '4200001234205001011234567890',
      settlementTime: 1_700_000_001,
    })

    const text = { MsgType: 'text', Content: 'a <!DOCTYPE x> & ]]> in a message', MsgId: '23637352235060880' }
    await receiver.push(text, { format: 'xml' })
    t.match(messages(receiver)[2], {
      content: 'a <!DOCTYPE x> & ]]> in a message',
      msgId: '23637352235060880',
    })
    const exact = receiver.compose({ MsgType: 'text', Content: 'x', MsgId: 0 }, { mode: 'plain' })
    receiver.env.WEIXIN_MESSAGE_AES_KEY = undefined
    await receiver.call({ ...exact, body: exact.body.replace('"MsgId":0', '"MsgId":23637352235060881') })
    t.match(messages(receiver)[3], { msgId: '23637352235060881' })
  },
)

t.test('order events carry their order number into the store', async (t) => {
  const receiver = await openReceiver(t)
  await receiver.push({
    Event: 'trade_manage_remind_shipping',
    transaction_id: '1',
    merchant_trade_no: 'T20500101',
  })
  t.match(messages(receiver), [{ merchantTradeNo: 'T20500101' }])
})

t.test('the verdict can be asked for, by whoever holds the trace id', async (t) => {
  const receiver = await openReceiver(t)
  t.match(await receiver.verdict(traceId), { errCode: 0, traceId, state: 'waiting' })
  await receiver.push({ ...mediaCheck, result: { suggest: 'risky', label: 20002 } })
  t.strictSame(await receiver.verdict(traceId), {
    ...{ errCode: 0, errMsg: 'ok', traceId, state: 'checked', suggest: 'risky', label: 20002 },
  })
  t.match(await receiver.verdict(traceId, 'server'), { state: 'checked' })
  await receiver.push({
    ...mediaCheck,
    trace_id: 't-2',
    errcode: -1008,
    errmsg: 'download failed',
    result: undefined,
  })
  t.match(await receiver.verdict('t-2'), { state: 'failed', problem: 'download failed' })
  const first = { Event: 'wxa_media_check', appid: APP_ID, version: undefined }
  await receiver.push({ ...first, trace_id: 't-3', isrisky: 1, status_code: 0 }, { format: 'xml' })
  t.match(await receiver.verdict('t-3'), { state: 'checked', suggest: 'risky' })
  await receiver.push({ ...first, trace_id: 't-4', isrisky: 0, status_code: 4294966288 }, { format: 'xml' })
  t.match(await receiver.verdict('t-4'), { state: 'failed' })
  t.match(await receiver.verdict('../x'), { errCode: 'INVALID_PARAM', errMsg: /^traceId: / })
  receiver.env.WEIXIN_APP_ID = 'wxaaaaaaaaaaaaaaaa'
  t.match(await receiver.verdict(traceId, 'server'), { state: 'waiting' }, 'of another application')
})

t.test('what securityImgSecCheck answered is what the verdict is found by', async (t) => {
  const weixin = await startRecorder()
  t.teardown(() => weixin.close())
  const secret = '0123456789abcdef0123456789abcdef'
  const receiver = await openReceiver(t, {
    ...SAFE,
    WEIXIN_APP_SECRET: secret,
    WEIXIN_API_BASE_URL: weixin.url,
  })
  const body = { errcode: 0, errmsg: 'ok', trace_id: traceId }
  weixin.replies.push({ contentType: 'application/json', body })
  const check = await importFunction('securityImgSecCheck')
  const picture = { mediaUrl: 'https://example.com/a.jpg', scene: 2, openid: 'oAlice-0123456789abcdefghijk' }
  const sent = (await check.main(picture, { SOURCE: 'function' })) as { traceId: string }
  t.match(await receiver.verdict(sent.traceId), { state: 'waiting' })
  await receiver.push({ ...mediaCheck, result: { suggest: 'review', label: 20006 } })
  t.match(await receiver.verdict(sent.traceId), { state: 'checked', suggest: 'review', label: 20006 })
})

t.test('the process dies after any write, and WeChat comes again', async (t) => {
  for (let writes = 0; ; writes++) {
    const store = await openEmbeddedStore()
    const crashing = crashingAfter(store, writes)
    const receiver = await openReceiver(t, SAFE, { store: crashing })
    const composed = receiver.compose(mediaCheck)
    const first = await receiver.call(composed)
    if (crashing.written < writes) {
      t.equal(first.status, 200)
      t.ok(writes >= 2, 'there were writes to die after')
      break
    }
    crashing.written = Number.NEGATIVE_INFINITY
    t.equal((await receiver.call(composed)).status, 200)
    await receiver.clock.advance(60_000)
    await receiver.dispatch()
    t.equal(new Set(receiver.delivered.map(({ id }) => id)).size, 1, `after ${writes} writes`)
    t.match(await receiver.verdict(traceId), { state: 'checked' })
  }
})

t.test('while the store is down nothing is acknowledged, so that WeChat comes again', async (t) => {
  const store = await openEmbeddedStore()
  const crashing = crashingAfter(store, 0)
  const receiver = await openReceiver(t, SAFE, { store: crashing })
  const platforms = await startLocalPlatforms({ clock: receiver.clock, app: { appId: APP_ID } })
  t.teardown(() => platforms.close())
  Object.assign(receiver.env, platforms.pushSettings())
  const delivery = await platforms.push(await receiver.listen(), mediaCheck)
  t.match(delivery, { state: 'waiting', attempts: [{ status: 503, answer: 'refused' }] })
  crashing.written = Number.NEGATIVE_INFINITY
  await receiver.clock.advance(5000)
  await platforms.tick()
  t.match(delivery, { state: 'delivered' })
  t.strictSame(kinds(receiver), ['message.mediaCheck'])
})

t.test('an answer to a user goes back in the form the message came in', async (t) => {
  const forward = messageReceiver(async ({ fromUserName, toUserName, createTime, msgType }) =>
    msgType === 'text'
      ? `<xml><ToUserName>${fromUserName}</ToUserName><FromUserName>${toUserName}</FromUserName>` +
        `<CreateTime>${createTime}</CreateTime><MsgType>transfer_customer_service</MsgType></xml>`
      : undefined,
  ) as Operation
  const receiver = await openReceiver(t, SAFE, { operation: forward })
  const platforms = await startLocalPlatforms({ clock: receiver.clock, app: { appId: APP_ID } })
  t.teardown(() => platforms.close())
  Object.assign(receiver.env, platforms.pushSettings())
  const url = await receiver.listen()
  const text = { MsgType: 'text', Content: 'help', MsgId: 7 }
  for (const format of ['xml', 'json'] as const) {
    const delivery = await platforms.push(url, text, { format })
    t.match(delivery, { state: 'delivered', attempts: [{ answer: /Encrypt.*MsgSignature/ }] })
  }
  const event = await platforms.push(url, mediaCheck)
  t.match(event.attempts, [{ answer: 'success' }])
  receiver.env.WEIXIN_MESSAGE_AES_KEY = undefined
  const plain = await platforms.push(url, { ...text, MsgId: 8 }, { mode: 'plain', format: 'xml' })
  t.match(plain, { state: 'delivered', attempts: [{ answer: /transfer_customer_service/ }] })
})

t.test('several applications: the path, or what was sealed, says whose message it is', async (t) => {
  const other = 'wxfedcba9876543210'
  const own = pushAccountOf(other)
  const apps = [{ appId: other, messageToken: own.token, messageAesKey: own.encodingAesKey }]
  const receiver = await openReceiver(t, { ...SAFE, WEIXIN_APPS: JSON.stringify(apps) })
  const sent = (account: typeof own, path: string, trace_id: string) =>
    receiver.call({
      ...receiver.compose({ ...mediaCheck, appid: account.appId, trace_id }, { account }),
      path,
    })
  t.match(await sent(ACCOUNT, '/', 'one'), { status: 200 })
  t.match(await sent(own, '/', 'two'), { status: 200 })
  t.match(await sent(own, `/messageNotify/${other}`, 'three'), { status: 200 })
  t.match(
    await sent(own, `/messageNotify/${APP_ID}`, 'four'),
    { status: 403 },
    'not under the name of another',
  )
  t.match(await sent(own, '/messageNotify/wx00000000000000ff', 'five'), { status: 403 })
  t.strictSame(
    receiver.delivered.map(({ data }) => [data.appId, data.message.traceId]),
    [
      [APP_ID, 'one'],
      [other, 'two'],
      [other, 'three'],
    ],
  )
  t.match(
    await receiver.verdict('two', 'server'),
    { state: 'waiting' },
    'and its verdict is not the first one’s',
  )
})

t.test('an application that shares token and key with another gets what was sealed for it', async (t) => {
  const other = 'wxfedcba9876543210'
  const receiver = await openReceiver(t, { ...SAFE, WEIXIN_APPS: JSON.stringify([{ appId: other }]) })
  const account = { ...ACCOUNT, appId: other }
  t.match(await receiver.call(receiver.compose({ ...mediaCheck, appid: other }, { account })), {
    status: 200,
  })
  t.match(receiver.delivered, [{ data: { appId: other } }])
})

t.test('without a token nothing is let in, and the log says which setting is missing', async (t) => {
  const receiver = await openReceiver(t, { WEIXIN_APP_ID: APP_ID })
  t.match(await receiver.push(mediaCheck), { status: 500, body: 'refused' })
  t.match(JSON.stringify(receiver.log), /WEIXIN_MESSAGE_TOKEN/)
  Object.assign(receiver.env, { ...PLAIN, WEIXIN_MESSAGE_AES_KEY: 'too short' })
  t.match(await receiver.push(mediaCheck), { status: 500, body: 'refused' })
  t.match(JSON.stringify(receiver.log), /WEIXIN_MESSAGE_AES_KEY/)
})
