/**
 * What is used of `uniCloud.database()` in a cloud function, as documented at
 * https://doc.dcloud.net.cn/uniCloud/cf-database.html. Nested objects in an update are merged unless wrapped in
 * `command.set`; `updated` counts changed documents, so one left as it was counts 0.
 */
export interface UniCloudDatabase {
  readonly command: UniCloudCommand
  collection(name: string): UniCloudCollection
}

export interface UniCloudCommand {
  lt(value: number): unknown
  lte(value: number): unknown
  gt(value: number): unknown
  set(value: object): unknown
  inc(by: number): unknown
  remove(): unknown
}

export interface UniCloudQuery {
  orderBy(field: string, direction: 'asc' | 'desc'): UniCloudQuery
  limit(count: number): UniCloudQuery
  get(): Promise<{ data: unknown[] }>
  update(changes: object): Promise<{ updated: number }>
  remove(): Promise<{ deleted: number }>
}

interface UniCloudCollection {
  add(document: object): Promise<{ id: string }>
  where(conditions: object): UniCloudQuery
}
