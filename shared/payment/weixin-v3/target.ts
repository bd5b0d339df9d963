/** One part of a path. `*` and the like too: WeChat Pay wants everything encoded that order numbers may hold. */
export const pathPart = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Path and query as they are sent and signed; parameters that are undefined are left out. */
export function target(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${pathPart(value)}`],
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}
