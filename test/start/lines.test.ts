import t from 'tap'
import { linesFor } from '../../tools/start/lines.js'

/** What `npm start` shows of the functions' log. */

const LINES = [
  '{"at":"2026-12-01T00:47:57.780Z","fn":"tokenRefresh","source":"timer","requestId":"04","ms":351,"errCode":0,"upstream":[{"api":"auth.getStableAccessToken","ms":286,"code":0}]}',
  '{"at":"2026-12-01T00:47:57.936Z","fn":"authCode2Session","source":"client","requestId":"80","ms":9,"errCode":40029,"error":"40029: the code is wrong","upstream":[{"api":"auth.code2Session","ms":5,"code":40029}]}',
  '{"at":"2026-12-01T00:47:58.000Z","fn":"verifyPaymentNotify","source":"http","requestId":"9c","ms":100,"errCode":0,"notes":[{"event":"payment.notice","provider":"weixin-v3","verdict":"applied","about":{"mchIds":["1","2"],"day":null}}]}',
  'GET /sns/jscode2session',
  '{"level":"warn","text":"cut"}',
  '{ no JSON',
  '{"level":"warn","text":"a\\u001b[2J"}',
]

t.test('on a terminal there is no JSON', async (t) => {
  const show = linesFor({ isTTY: true })
  const time = /^\d\d:47:5[78] /
  const shown = LINES.map((line) => show(line).replace(time, '(time) '))
  t.strictSame(shown, [
    '(time) tokenRefresh (timer, 351 ms): ok\n    asked auth.getStableAccessToken 286 ms',
    '(time) authCode2Session (client, 9 ms): 40029: the code is wrong\n    asked auth.code2Session 5 ms, answered 40029',
    '(time) verifyPaymentNotify (http, 100 ms): ok\n    payment.notice: provider weixin-v3, verdict applied, about.mchIds.0 1, about.mchIds.1 2',
    'GET /sns/jscode2session',
    'level warn, text cut',
    '{ no JSON',
    'level warn, text a\\u001b[2J',
  ])
})

t.test('for a program it stays as it was written', async (t) => {
  for (const stream of [{ isTTY: false }, {}]) t.strictSame(LINES.map(linesFor(stream)), LINES)
})
