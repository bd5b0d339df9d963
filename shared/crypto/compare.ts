import { timingSafeEqual } from 'node:crypto'

/** Whether two texts are equal, in a time that tells nothing of where they differ. Only the lengths may show. */
export function sameText(one: string, other: string): boolean {
  const a = Buffer.from(one)
  const b = Buffer.from(other)
  return a.length === b.length && timingSafeEqual(a, b)
}
