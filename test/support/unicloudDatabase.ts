import type { UniCloudDatabase, UniCloudQuery } from '../../shared/store/unicloud/open.js'

/**
 * Stands in for `uniCloud.database()`, which nobody publishes, and keeps to what its documentation says: an update
 * merges nested objects unless `command.set` wraps them, `updated` counts only documents that really changed, no more
 * than 100 documents come back unless asked for. Where the documentation is silent it is as unkind as may be: what is
 * `undefined` becomes null, and lists are merged too. One call is one atomic step some time later, as over a network.
 */
export class UniCloudDatabaseStandIn implements UniCloudDatabase {
  /** While true, every call fails as a database does that cannot be reached. */
  down = false
  /** While true, no call is ever answered. */
  hanging = false
  readonly command = {
    lt: (value: number | string) => new Test((field) => isLike(field, value) && field < value),
    lte: (value: number | string) => new Test((field) => isLike(field, value) && field <= value),
    gt: (value: number | string) => new Test((field) => isLike(field, value) && field > value),
    and: (...tests: unknown[]) => new Test((field) => tests.every((test) => (test as Test).passes(field))),
    set: (value: object) => new Effect(() => stored(value)),
    inc: (by: number) => new Effect((before) => Number(before ?? 0) + by),
    remove: () => new Effect(() => undefined),
  }
  private readonly kept = new Map<string, Map<string, Fields>>()

  /** `unique` names, by collection, the fields with a unique sparse index made in the console. */
  constructor(private readonly unique: Readonly<Record<string, string>> = {}) {}

  /** Everything in a collection, as it is kept. */
  contents(name: string): Fields[] {
    return [...this.documents(name).values()]
  }

  collection(name: string) {
    return {
      add: (document: object) =>
        this.call(() => {
          const fields = stored(document) as Fields & { _id: string }
          if (this.documents(name).has(fields._id)) throw new Error('E11000 duplicate key error: _id_')
          this.refuseTaken(name, fields)
          this.documents(name).set(fields._id, fields)
          return { id: fields._id }
        }),
      where: (conditions: object) => this.query(name, conditions as Fields),
    }
  }

  private query(name: string, conditions: Fields, sort?: Sort, count = 100): UniCloudQuery {
    const matching = () => this.contents(name).filter((document) => meets(document, conditions))
    return {
      orderBy: (field, direction) => this.query(name, conditions, { field, direction }, count),
      limit: (wanted) => this.query(name, conditions, sort, wanted),
      get: () => this.call(() => ({ data: structuredClone(sorted(matching(), sort).slice(0, count)) })),
      update: (changes) =>
        this.call(() => ({
          updated: matching().filter((document) => this.change(name, document, changes as Fields)).length,
        })),
      remove: () =>
        this.call(() => {
          const gone = matching()
          for (const { _id } of gone) this.documents(name).delete(String(_id))
          return { deleted: gone.length }
        }),
    }
  }

  private change(name: string, document: Fields, changes: Fields): boolean {
    const changed = structuredClone(document)
    merge(changed, changes)
    this.refuseTaken(name, changed)
    this.documents(name).set(String(document._id), changed)
    return JSON.stringify(changed) !== JSON.stringify(document)
  }

  private refuseTaken(name: string, { _id, ...fields }: Fields) {
    const field = this.unique[name]
    const value = field && fields[field]
    const others = this.contents(name).filter((other) => other._id !== _id)
    if (field && value !== undefined && others.some((other) => other[field] === value)) {
      throw new Error(`E11000 duplicate key error: ${field}`)
    }
  }

  private documents(name: string): Map<string, Fields> {
    const known = this.kept.get(name) ?? new Map<string, Fields>()
    this.kept.set(name, known)
    return known
  }

  private async call<T>(step: () => T): Promise<T> {
    await new Promise((resolve) => setImmediate(resolve))
    if (this.down) throw new Error('request timeout')
    if (this.hanging) await new Promise(() => undefined)
    return step()
  }
}

type Fields = Record<string, unknown>
type Sort = { field: string; direction: 'asc' | 'desc' }

class Test {
  constructor(readonly passes: (field: unknown) => boolean) {}
}

class Effect {
  /** What becomes of the field's value; nothing removes the field. */
  constructor(readonly from: (before: unknown) => unknown) {}
}

/** A database compares values of one type alone. */
const isLike = <Value>(field: unknown, value: Value): field is Value => typeof field === typeof value
const isNested = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const stored = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_name, field) => (field === undefined ? null : field)))

const meets = (document: Fields, conditions: Fields): boolean =>
  Object.entries(conditions).every(([name, condition]) =>
    condition instanceof Test ? condition.passes(document[name]) : document[name] === condition,
  )

function merge(document: Fields, changes: Fields) {
  for (const [name, change] of Object.entries(changes)) {
    const before = document[name]
    if (change instanceof Effect) document[name] = change.from(before)
    else if (isNested(change) && isNested(before)) merge(before, change)
    else document[name] = change === undefined ? null : stored(change)
    if (document[name] === undefined) delete document[name]
  }
}

function sorted(documents: Fields[], sort: Sort | undefined): Fields[] {
  if (!sort) return documents
  const sign = sort.direction === 'asc' ? 1 : -1
  const isLess = (one: Fields, other: Fields) =>
    (one[sort.field] as number | string) < (other[sort.field] as number | string)
  return documents.sort((one, other) => sign * (isLess(one, other) ? -1 : isLess(other, one) ? 1 : 0))
}
