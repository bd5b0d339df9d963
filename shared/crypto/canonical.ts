/** A field to be signed. */
type Field = readonly [name: string, value: string | null | undefined]

/** Fields to be signed, in any order. */
export type Signable = Iterable<Field>

/**
 * The text WeChat Pay V2 and Alipay sign: `name=value` joined by `&`, in byte order of the names, values as they are
 * meant (nothing percent-encoded, no XML escapes). Empty values and the names in `leaveOut` do not count; `0` does.
 * Loops, since beside an MD5 each array that is made shows.
 */
export function joinedByName(fields: Signable, leaveOut: readonly string[]): string {
  const counting: Field[] = []
  for (const field of fields) if (field[1] && !leaveOut.includes(field[0])) counting.push(field)
  counting.sort((one, other) => (one[0] < other[0] ? -1 : 1))
  let text = ''
  for (const [name, value] of counting) text += `${text && '&'}${name}=${value}`
  return text
}
