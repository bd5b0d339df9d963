import t from 'tap'
import type { Advice } from '../../shared/errors/index.js'
import { knownCodes, meaningOf } from '../../shared/weixin/errorTable.js'
import { failure } from '../../shared/weixin/failure.js'

const ADVICE: readonly Advice[] = [
  'retry',
  'refresh',
  'wait',
  'fix the request',
  'fix the settings',
  'ask the user',
  'contact the provider',
]

t.test('every known code has a sentence in both languages and an advice', async (t) => {
  t.equal(knownCodes().length, 160)
  t.strictSame(
    knownCodes().filter((code) => {
      const { en = '', zh = '', advice } = meaningOf(code) ?? {}
      const isSaid = /^[A-Za-z]/.test(en) && !/[.。]$/.test(en + zh) && /\S/.test(zh) && en !== zh
      return !isSaid || !advice || !ADVICE.includes(advice)
    }),
    [],
  )
})

t.test('codes that decide what happens next carry the advice that does', async (t) => {
  t.equal(meaningOf(-1)?.advice, 'retry')
  for (const code of [40001, 40014, 42001]) t.equal(meaningOf(code)?.advice, 'refresh', String(code))
  for (const code of [45009, 45011, 44990, 44991, 44993])
    t.equal(meaningOf(code)?.advice, 'wait', String(code))
  for (const code of [40164, 48001, 61024]) t.equal(meaningOf(code)?.advice, 'fix the settings', String(code))
})

t.test('an error tells what it means, what WeChat said and the id its support asks for', async (t) => {
  t.match(await failure({ errcode: 40029, errmsg: 'invalid code rid: 60ae120f-371d5872-7941a05b' }), {
    errCode: 40029,
    errMsg: /^the code is wrong.*code 无效.*WeChat said: invalid code rid: 60ae120f/,
    advice: 'ask the user',
    rid: '60ae120f-371d5872-7941a05b',
  })
})

t.test('what an entry says of a code wins over the table', async (t) => {
  const meanings = { 40002: { en: 'the application may not make links', zh: '没有生成权限' } }
  t.match(await failure({ errcode: 40002, errmsg: 'x' }, meanings), {
    errMsg: /^the application may not make links \(没有生成权限\)/,
    advice: 'fix the request',
  })
})

t.test('an unknown code passes through with the words of WeChat', async (t) => {
  const unknown = await failure({ errcode: 99999999, errmsg: 'brand new rid: 1-2-3' })
  t.match(unknown, { errCode: 99999999, errMsg: 'WeChat said: brand new rid: 1-2-3', rid: '1-2-3' })
})
