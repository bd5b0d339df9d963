import { type Collection, collections, type Index, indexesOf } from '../../../shared/store/collections.js'

/**
 * The files of `uniCloud/database/` by name: every collection's schema, which shuts it to clients, and its indexes, as
 * HBuilderX creates them (doc.dcloud.net.cn/uniCloud/schema.html and db-index.html).
 */
export const databaseFiles = (): Record<string, unknown> =>
  Object.fromEntries(
    Object.values<Collection>(collections).flatMap((collection) => {
      const indexes = indexesOf(collection)
      return [
        [`${collection.name}.schema.json`, SHUT],
        ...(indexes.length > 0 ? [[`${collection.name}.index.json`, indexes.map(indexEntry)]] : []),
      ]
    }),
  )

/** `count` is allowed where nobody says otherwise. Functions are not bound by any of it. */
const SHUT = {
  bsonType: 'object',
  required: [],
  permission: { read: false, create: false, update: false, delete: false, count: false },
  properties: { _id: { description: 'unicloud-openapi' } },
}

const indexEntry = ({ fields, unique, sparse }: Index) => ({
  IndexName: fields.join('_'),
  MgoKeySchema: {
    MgoIndexKeys: fields.map((Name) => ({ Name, Direction: '1' })),
    MgoIsUnique: unique === true,
    MgoIsSparse: sparse === true,
  },
})
