/**
 * The text Alipay signs: `name=value` joined by `&`, in byte order of the names, values as they are meant (nothing
 * percent-encoded). Empty values and `sign` itself do not count; `sign_type` does, unless `leaveOut` names it.
 * https://opendocs.alipay.com/common/02kf5q
 */
export function canonical(
  fields: Iterable<readonly [string, string | undefined]>,
  leaveOut: readonly string[] = [],
): string {
  return [...fields]
    .filter(
      ([name, value]) => name !== 'sign' && value !== undefined && value !== '' && !leaveOut.includes(name),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}
