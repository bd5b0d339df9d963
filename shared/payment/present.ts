/** Leaves out what is not there, so that facts are plain JSON and read the same before and after the wire. */
export const present = <Facts extends object>(facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Facts
