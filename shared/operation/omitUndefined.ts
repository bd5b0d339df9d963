/**
 * Leaves out what is not there, so that facts are plain JSON and read the same before and after the wire. A loop,
 * since every notice passes here more than once.
 */
export function omitUndefined<Facts extends object>(facts: Facts): Facts {
  const there: Partial<Facts> = {}
  for (const name in facts) if (facts[name] !== undefined) there[name] = facts[name]
  return there as Facts
}
