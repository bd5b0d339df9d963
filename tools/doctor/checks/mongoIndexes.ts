import type { Db, IndexDescriptionInfo } from 'mongodb'
import { type Collection, collections, type Index } from '../../../shared/store/collections.js'
import { check } from '../check.js'
import type { Finding, Say } from '../finding.js'
import { workingClient } from '../mongo.js'
import { mongoIndexesRemarks } from '../remarks/mongoIndexes.js'

type Code = keyof typeof mongoIndexesRemarks

/** Looks only: indexes are made by the functions, so that what they may not do shows there. */
export const mongoIndexes = check({
  id: 'store.indexes',
  title: { en: 'MongoDB has its indexes', zh: 'MongoDB 索引齐全' },
  network: true,
  remarks: mongoIndexesRemarks,
  async run(world, say) {
    const client = await workingClient(world)
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
  // Where the server cannot forget by itself, the functions sweep, and need another index for it.
  const forgets = there.some(({ key }) => 'expiresOn' in key || 'expiresAt' in key)
  return expires && !forgets ? [...missing, say('never-forgets', { collection: name })] : missing
}

const isSame = ({ key, unique }: IndexDescriptionInfo, index: Index): boolean =>
  Object.keys(key).join() === index.fields.join() && (unique === true) === (index.unique === true)
