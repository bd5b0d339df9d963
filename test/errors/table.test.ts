import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import * as errors from '../../shared/errors/index.js'
import {
  changed,
  type ErrorEntry,
  type Facts,
  INVALID_PARAM,
  inDoubt,
  meaningsOf,
  ORDER_NOT_BEGUN,
  ORDER_PAID,
  openapiError,
  platformError,
  UNKNOWN_MERCHANT,
  UPSTREAM_UNREACHABLE,
} from '../../shared/errors/index.js'
import { DIST } from '../build/space.js'
import { filesUnder } from '../support/imports.js'

const root = join(import.meta.dirname, '..', '..')

const rows = Object.entries(errors).flatMap(([name, value]): [string, ErrorEntry][] =>
  'errCode' in value ? [[name, value]] : [],
)

const placeholders = (text: string): string[] => text.match(/\{\w+\}/g) ?? []

t.test('every code has one row with a text in both languages', async (t) => {
  t.ok(rows.length > 60)
  const codes = new Set(rows.map(([, { errCode }]) => errCode))
  for (const code of codes) {
    if (code === 'UNIQUE_KEY_TAKEN' || typeof code === 'number') continue
    const described = rows.filter(([, { errCode, docs, zh }]) => errCode === code && (docs || zh))
    t.strictSame(
      described.map(([name]) => name),
      [code],
    )
  }
})

t.test('the rows of one code advise the same, and leave the same open', async (t) => {
  for (const [name, row] of rows) {
    const main = rows.find(([other]) => other === row.errCode)?.[1]
    if (!main) continue
    t.equal(row.advice, main.advice, name)
    if (name !== 'NO_TOKEN_FROM_HUB') t.equal(row.outcome, main.outcome, name)
  }
})

t.test(
  'what the page alone says has no facts, and no sentence has a fact in one language only',
  async (t) => {
    for (const [name, { en, zh = en, docs }] of rows) {
      t.strictSame(placeholders(zh), placeholders(en), name)
      t.strictSame(placeholders(`${docs?.en} ${docs?.zh}`), [], name)
    }
  },
)

t.test('an error is raised by its row and the facts', async (t) => {
  t.match(openapiError(ORDER_PAID), {
    errCode: 'ORDER_PAID',
    errMsg: 'this order is paid already (订单已支付)',
    message: 'this order is paid already (订单已支付)',
    advice: 'fix the request',
    outcome: 'failed',
    status: 409,
  })
  const cause = new Error('why')
  const unreachable = openapiError(
    UPSTREAM_UNREACHABLE,
    { host: 'api.weixin.qq.com', reason: '{host}' },
    { cause, outcome: 'unknown', rid: 'abc' },
  )
  t.match(unreachable, {
    errMsg: 'no answer from api.weixin.qq.com ({host})',
    advice: 'retry',
    outcome: 'unknown',
    status: 502,
    rid: 'abc',
  })
  t.equal(unreachable.cause, cause)
})

t.test('the compiler knows the facts of a sentence', async (t) => {
  type FactsOf<Entry extends ErrorEntry> = keyof Facts<Entry>
  const named: Record<FactsOf<typeof INVALID_PARAM>, true> = { field: true, problem: true }
  const none: [FactsOf<typeof ORDER_PAID>] extends [never] ? true : false = true
  t.strictSame(
    placeholders(INVALID_PARAM.en),
    Object.keys(named).map((name) => `{${name}}`),
  )
  t.strictSame(placeholders(ORDER_PAID.en).length === 0, none)
})

t.test("a platform's failure keeps its own code and words behind what the code means", async (t) => {
  const meaning = { en: 'the account is frozen', zh: '账号已冻结', advice: 'contact the provider' } as const
  t.match(platformError({ errCode: 50007, source: 'WeChat said', text: 'frozen', meaning, rid: 'r' }), {
    errCode: 50007,
    errMsg: 'the account is frozen (账号已冻结); WeChat said: frozen',
    advice: 'contact the provider',
    outcome: 'failed',
    status: 502,
    rid: 'r',
  })
  t.match(platformError({ errCode: 1, source: 'WeChat said', text: 'no', outcome: 'unknown' }), {
    errMsg: 'WeChat said: no',
    advice: 'fix the request',
    outcome: 'unknown',
  })
})

t.test('what passes an error on may change its text or its outcome, and nothing else', async (t) => {
  const cause = new Error('why')
  const error = openapiError(INVALID_PARAM, { field: 'a', problem: 'b' }, { cause, rid: 'r' })
  const { message, stack, ...same } = error
  t.match(inDoubt(error), { ...same, outcome: 'unknown' })
  t.match(changed(error, { errMsg: 'c' }), { ...same, errMsg: 'c', message: 'c' })
  t.equal(changed(error, {}).cause, cause)
})

t.test('an operation lists the errors of our own by their rows', async (t) => {
  t.strictSame(meaningsOf(ORDER_NOT_BEGUN, UNKNOWN_MERCHANT, ORDER_PAID), {
    ORDER_NOT_BEGUN: { en: ORDER_NOT_BEGUN.en, zh: ORDER_NOT_BEGUN.zh, advice: 'wait' },
    UNKNOWN_MERCHANT: { en: UNKNOWN_MERCHANT.en, zh: UNKNOWN_MERCHANT.zh, advice: 'fix the settings' },
    ORDER_PAID: { en: ORDER_PAID.en, zh: ORDER_PAID.zh, advice: 'fix the request' },
  })
})

t.test('every row is raised somewhere', async (t) => {
  const raised = filesUnder(['shared'], /\.ts$/)
    .filter((file) => !file.startsWith(join('shared', 'errors')))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')
  const byTheRoom = ['INVALID_PARAM', 'STORE_UNAVAILABLE', 'SYSTEM_ERROR']
  t.strictSame(
    rows
      .map(([name]) => name)
      .filter((name) => !byTheRoom.includes(name) && !new RegExp(`\\b${name}\\b`).test(raised)),
    [],
  )
})

t.test('what only the page of errors says is in no bundle', async (t) => {
  const built = ['functions/getOrderInfo', 'functions/openapi', 'library'].flatMap((folder) =>
    readdirSync(join(DIST, folder))
      .filter((name) => /\.c?js$/.test(name))
      .map((name) => readFileSync(join(DIST, folder, name), 'utf8')),
  )
  const shipped = built.join('\n')
  t.match(shipped, ORDER_PAID.zh)
  for (const [name, { docs }] of rows) {
    if (docs) t.notOk(shipped.includes(docs.zh), name)
  }
})
