import type { Db, MongoClient } from 'mongodb'
import { hasCode } from '../../../../shared/errors/index.js'
import { clientAt } from '../../../../shared/store/mongodb/address.js'
import { mongoDocuments } from '../../../../shared/store/mongodb/open.js'
import type { AccountStore, TokenStore } from '../../../../shared/store/port.js'
import { accountStore } from '../../../../shared/store/store.js'
import { tokenStore } from '../../../../shared/store/tokens.js'
import { check } from '../../check.js'
import { type Doctor, PATIENCE_MS } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { errorText, NotYet } from '../../skipped.js'

const nothingKept = {
  en: 'No token is shared, no login lasts, and no payment can be confirmed.',
  zh: 'token 无法共享，登录态无法保持，支付也无法确认。',
}

export const mongodbRemarks = {
  works: {
    level: 'ok',
    what: {
      en: 'the database {database} answers in {ms} ms, and may be read, written and indexed',
      zh: '数据库 {database} 在 {ms} 毫秒内应答，读、写、建索引权限齐全',
    },
  },
  unset: {
    level: 'skipped',
    what: {
      en: 'MONGODB_URI is not set: right in uniCloud, whose own database is used; Function Compute needs one',
      zh: '未配置 MONGODB_URI：在 uniCloud 中使用其自带数据库，无需配置；函数计算则必须配置',
    },
  },
  unreachable: {
    level: 'error',
    what: { en: 'the database does not answer ({line})', zh: '数据库没有应答（{line}）' },
    why: nothingKept,
    mend: {
      en: 'Check host and port in MONGODB_URI and the database’s own allow-list. If only the functions’ network (VPC) gets there, run the doctor in it.',
      zh: '请检查 MONGODB_URI 中的主机与端口，以及数据库的访问白名单。如果只有云函数所在的 VPC 可以访问，请在其中运行本命令。',
    },
  },
  'login-refused': {
    level: 'error',
    what: {
      en: 'the database refuses user or password of MONGODB_URI',
      zh: '数据库拒绝 MONGODB_URI 中的用户名或密码',
    },
    why: nothingKept,
    mend: {
      en: 'Percent-encode what is special in the password, and name the database the user is kept in: ?authSource=admin.',
      zh: '密码中的特殊字符需百分号编码，并指明用户所在的库：?authSource=admin。',
    },
  },
  'cannot-write': {
    level: 'error',
    what: {
      en: 'the user of MONGODB_URI may not read and write in {database}: {said}',
      zh: 'MONGODB_URI 的用户无权读写 {database}：{said}',
    },
    why: nothingKept,
    mend: {
      en: 'Give it the role readWrite on {database}.',
      zh: '请授予该用户 {database} 的 readWrite 角色。',
    },
  },
  'cannot-index': {
    level: 'error',
    what: {
      en: 'the user of MONGODB_URI may not make indexes in {database}: {said}',
      zh: 'MONGODB_URI 的用户无权在 {database} 建索引：{said}',
    },
    why: {
      en: 'The functions make their indexes themselves, at first use, and refuse to work without.',
      zh: '云函数在首次使用时自动建索引，失败则拒绝工作。',
    },
    mend: {
      en: 'Give it the role readWrite on {database}.',
      zh: '请授予该用户 {database} 的 readWrite 角色。',
    },
  },
  'no-database': {
    level: 'warn',
    what: { en: 'MONGODB_URI names no database', zh: 'MONGODB_URI 没有指定数据库名' },
    why: {
      en: 'Everything lands in "test", together with whatever else was careless.',
      zh: '数据会写入默认的 test 库，容易与其他程序混在一起。',
    },
    mend: {
      en: 'Put the name behind the host: mongodb://host:27017/shop.',
      zh: '请在主机后加上库名：mongodb://host:27017/shop。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof mongodbRemarks

/** A collection that the functions do not use. */
const SCRATCH = 'openapi-doctor'

export const mongodb = check({
  id: 'store.mongodb',
  title: { en: 'MongoDB answers, with the rights that are needed', zh: 'MongoDB 可用且权限齐全' },
  network: true,
  remarks: mongodbRemarks,
  async run(doctor, say) {
    if (doctor.settings.get('MONGODB_URI') === undefined) return [say('unset')]
    try {
      const client = await mongoClient(doctor)
      return client ? await rights(doctor, client.db(), say) : []
    } catch (error) {
      return [noConnection(error, say)]
    }
  },
})

/** https://www.mongodb.com/docs/manual/reference/error-codes/ */
const AUTHENTICATION_FAILED = 18
const UNAUTHORIZED = 13

function noConnection(error: unknown, say: Say<Code>): Finding {
  const { code, name } = error as { code?: number; name?: string }
  if (hasCode(error, 'INVALID_SETTING')) throw new NotYet('settings-first')
  // Hosted services use other codes, so the text counts as well.
  const isLogin = code === AUTHENTICATION_FAILED || /bad auth|authentication failed/i.test(errorText(error))
  if (isLogin) return say('login-refused')
  return say('unreachable', { line: /E[A-Z]{5,}/.exec(errorText(error))?.[0] ?? name ?? 'timeout' })
}

/** Writes, reads, changes and removes one document in a collection of the doctor's own. */
async function rights(doctor: Doctor, db: Db, say: Say<Code>): Promise<Finding[]> {
  const startedAt = doctor.clock.now()
  const scratch = db.collection<{ _id: string; n: number }>(SCRATCH)
  const _id = doctor.random.bytes(12).toString('hex')
  const about = { database: db.databaseName }
  const refusal = await refusedBy(async () => {
    await scratch.insertOne({ _id, n: 1 })
    await scratch.updateOne({ _id }, { $inc: { n: 1 } })
    await scratch.findOne({ _id })
  })
  if (refusal !== undefined) return [say('cannot-write', { ...about, said: refusal })]
  const noIndex = await refusedBy(() => scratch.createIndex({ n: 1 }))
  await refusedBy(() => scratch.deleteOne({ _id }))
  await refusedBy(() => scratch.drop())
  const found = noIndex === undefined ? [] : [say('cannot-index', { ...about, said: noIndex })]
  if (!namesDatabase(doctor.settings.require('MONGODB_URI'))) found.push(say('no-database'))
  return found.length > 0 ? found : [say('works', { ...about, ms: doctor.clock.now() - startedAt })]
}

/** The server's refusal; undefined where it agrees. Rejects when the connection breaks. */
async function refusedBy(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    const { code, name } = error as { code?: number; name?: string }
    if (code === UNAUTHORIZED || name === 'MongoServerError') return errorText(error)
    throw error
  }
}

const namesDatabase = (uri: string): boolean => /^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/.test(uri)

/** A connected client; undefined where MONGODB_URI is not set. Rejects with the driver's own error. */
export const mongoClient = async (doctor: Doctor): Promise<MongoClient | undefined> => {
  const uri = doctor.settings.get('MONGODB_URI')
  if (uri === undefined || doctor.offline) return undefined
  return doctor.once('mongodb', async () => {
    const { MongoClient } = await import('mongodb')
    const client = clientAt(uri, MongoClient, {
      serverSelectionTimeoutMS: PATIENCE_MS,
      connectTimeoutMS: PATIENCE_MS,
      socketTimeoutMS: PATIENCE_MS,
      appName: 'unicloud-openapi doctor',
    })
    doctor.closing(() => client.close())
    return client.connect()
  })
}

/** The same for other checks: a database that does not answer is the finding of the check of MongoDB. */
export const workingClient = (doctor: Doctor): Promise<MongoClient | undefined> =>
  mongoClient(doctor).catch(() => {
    throw new NotYet('store-first')
  })

/** What the functions learned of accounts; undefined where the doctor cannot look. */
export async function storedAccounts(doctor: Doctor): Promise<Pick<AccountStore, 'find'> | undefined> {
  const client = await mongoClient(doctor).catch(() => undefined)
  return client && accountStore(mongoDocuments(client, () => undefined))
}

/** The access tokens as the functions see them; undefined where the doctor cannot look. Reading makes no index. */
export async function storedTokens(doctor: Doctor): Promise<Pick<TokenStore, 'read'> | undefined> {
  const client = await workingClient(doctor)
  return client && tokenStore(mongoDocuments(client, () => undefined))
}
