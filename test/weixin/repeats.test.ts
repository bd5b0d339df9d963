import t from 'tap'
import { inDeployment } from './deployment.js'
import { importFunction, startRecorder } from './examples.js'

/** WeChat is asked again only where the entry says that a repeat is safe, and only after what passes by itself. */

const recorder = await startRecorder()
t.teardown(() => recorder.close())

const reply = (body: object, status = 200) => ({ status, contentType: 'application/json', body })
const busy = reply({ errcode: -1, errmsg: 'system error' })
const fine = reply({ errcode: 0, errmsg: 'ok', unionid: 'u' })

const safe = {
  name: 'authGetPaidUnionId',
  input: { openid: 'o', transactionId: '4200' },
}
const unsafe = {
  name: 'customerServiceMessageSend',
  input: { touser: 'o', msgtype: 'text', text: { content: 'x' } },
}

async function call({ name, input }: typeof safe | typeof unsafe, replies: ReturnType<typeof reply>[]) {
  recorder.requests.length = 0
  recorder.replies = replies
  const { main } = await importFunction(name)
  const answer = await inDeployment({ weixin: recorder.url }, () => main(input, { SOURCE: 'function' }))
  return { answer: answer as Record<string, unknown>, requests: recorder.requests.length }
}

t.test('a busy WeChat is asked again where that is safe, three times at most', async (t) => {
  t.match(await call(safe, [busy, busy, fine]), { answer: { errCode: 0, unionid: 'u' }, requests: 3 })
  t.match(await call(safe, [busy, busy, busy, fine]), { answer: { errCode: -1 }, requests: 3 })
  t.match(await call(safe, [reply({}, 502), fine]), { answer: { errCode: 0 }, requests: 2 })
})

t.test('a message is not sent twice', async (t) => {
  t.match(await call(unsafe, [busy, fine]), { answer: { errCode: -1, advice: 'retry' }, requests: 1 })
  t.match(await call(unsafe, [reply({}, 502), fine]), {
    answer: { errCode: 'UPSTREAM_INVALID', outcome: 'unknown' },
    requests: 1,
  })
})

t.test('a used-up quota is final', async (t) => {
  for (const errcode of [45009, 45011, 44991]) {
    const quota = reply({ errcode, errmsg: 'reach max' })
    t.match(await call(safe, [quota, fine]), { answer: { errCode: errcode, advice: 'wait' }, requests: 1 })
  }
})
