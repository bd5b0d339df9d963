import type { Db, IndexDescriptionInfo } from 'mongodb'
import { type Collection, collections, type Index } from '../../../../shared/store/collections.js'
import { check } from '../../check.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { workingClient } from './mongodb.js'

export const mongoIndexesRemarks = {
  there: {
    level: 'ok',
    what: { en: 'the indexes of all {count} collections are there', zh: '全部 {count} 个集合的索引齐全' },
  },
  'none-yet': {
    level: 'ok',
    what: {
      en: 'no function has kept anything yet; each makes its indexes when it first does',
      zh: '尚无数据；云函数首次写入时会自动建索引',
    },
  },
  'unique-missing': {
    level: 'error',
    what: {
      en: '{collection} has no unique index over {fields}',
      zh: '{collection} 缺少 {fields} 的唯一索引',
    },
    why: {
      en: 'It keeps one payment from being counted for two orders.',
      zh: '它保证同一笔支付不会被记到两个订单上。',
    },
    mend: {
      en: 'Any function makes it at its next cold start. If it stays away, the data already has duplicates, or the user may not make indexes.',
      zh: '云函数下次冷启动时会自动创建；若仍然缺失，说明已有重复数据，或用户无权建索引。',
    },
  },
  missing: {
    level: 'warn',
    what: { en: '{collection} has no index over {fields}', zh: '{collection} 缺少 {fields} 的索引' },
    why: {
      en: 'Queries read the whole collection, and become slower with every order.',
      zh: '查询会扫描整个集合，并随订单增多而变慢。',
    },
    mend: {
      en: 'Any function makes it at its next cold start; it may have been lost when data was copied (mongorestore --noIndexRestore).',
      zh: '云函数下次冷启动时会自动创建；可能是复制数据时丢失（mongorestore --noIndexRestore）。',
    },
  },
  'never-forgets': {
    level: 'warn',
    what: {
      en: '{collection} has no index by which what has expired is removed',
      zh: '{collection} 缺少用于清理过期数据的索引',
    },
    why: {
      en: 'Sessions, counters and refused notices pile up.',
      zh: '会话、计数与被拒通知会不断堆积。',
    },
    mend: {
      en: 'Any function that uses the collection makes it at its next cold start.',
      zh: '使用该集合的云函数下次冷启动时会自动创建。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof mongoIndexesRemarks

/** Only looks: indexes are made by the functions, with their own rights. */
export const mongoIndexes = check({
  id: 'store.indexes',
  title: { en: 'MongoDB has its indexes', zh: 'MongoDB 索引齐全' },
  network: true,
  remarks: mongoIndexesRemarks,
  async run(doctor, say) {
    const client = await workingClient(doctor)
    if (!client) return []
    const db = client.db()
    const known = new Set(
      (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
    )
    const used = Object.values(collections).filter(({ name }) => known.has(name))
    if (used.length === 0) return [say('none-yet')]
    const found = (await Promise.all(used.map((collection) => faults(db, collection, say)))).flat()
    return found.length > 0 ? found : [say('there', { count: used.length })]
  },
})

async function faults(db: Db, { name, indexes, expires }: Collection, say: Say<Code>): Promise<Finding[]> {
  const there = await db.collection(name).indexes()
  const missing = indexes
    .filter((index) => !there.some((known) => isSame(known, index)))
    .map(({ fields, unique }) =>
      say(unique ? 'unique-missing' : 'missing', { collection: name, fields: fields.join(', ') }),
    )
  // Without a TTL index of the server, the functions delete what has expired, by an index on another field.
  const forgets = there.some(({ key }) => 'expiresOn' in key || 'expiresAt' in key)
  return expires && !forgets ? [...missing, say('never-forgets', { collection: name })] : missing
}

const isSame = ({ key, unique }: IndexDescriptionInfo, index: Index): boolean =>
  Object.keys(key).join() === index.fields.join() && (unique === true) === (index.unique === true)
