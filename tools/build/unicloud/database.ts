import { type Collection, collections, type Index, indexesOf } from '../../../shared/store/collections.js'
import { type EditionName, editions } from '../../clouds/index.js'

/**
 * The files of `uniCloud/database/` by name: every collection's schema, which shuts it to clients, and its indexes, as
 * HBuilderX creates them (doc.dcloud.net.cn/uniCloud/schema.html and db-index.html). Only some editions have sparse
 * indexes, and some want the type of what is no text.
 */
export const databaseFiles = (edition: EditionName): Record<string, unknown> =>
  Object.fromEntries(
    Object.values<Collection>(collections).flatMap((collection) => {
      const indexes = indexesOf(collection)
      return [
        [`${collection.name}.schema.json`, SHUT],
        ...(indexes.length > 0
          ? [[`${collection.name}.index.json`, indexes.map((index) => indexEntry(index, edition))]]
          : []),
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

function indexEntry({ fields, unique, sparse }: Index, edition: EditionName) {
  const { indexTypes, sparseIndexes } = editions[edition]
  return {
    IndexName: fields.join('_'),
    MgoKeySchema: {
      MgoIndexKeys: fields.map((Name) => ({
        ...{ Name, Direction: '1' },
        ...(indexTypes.value && isNumber(Name) ? { Type: 'long' } : {}),
      })),
      MgoIsUnique: unique === true,
      MgoIsSparse: sparse === true && sparseIndexes.value,
    },
  }
}

/** Times, and what is counted or ordered by them; all else that an index has is text. */
const isNumber = (field: string): boolean => /(^at|At|^seq)$/.test(field) || NUMBERS.has(field)

const NUMBERS = new Set(['paidKey', 'refundKey'])
