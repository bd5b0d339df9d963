import { createHash } from 'node:crypto'

/** Chance that can be had again: the same seed gives the same numbers in the same order. */
export interface Dice {
  /** A whole number from 0 to `below` - 1. */
  upTo(below: number): number
  /** Whether something of that likelihood, from 0 to 1, happens. */
  happens(likelihood: number): boolean
  oneOf<Item>(items: readonly Item[]): Item
  bytes(length: number): Buffer
  /** Chance of its own, that depends on the seed and this name alone, however often the others were thrown. */
  named(name: string): Dice
}

/** A small generator of 32 bits (mulberry32) over a seed of any text. */
export function diceOf(seed: string): Dice {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const upTo = (below: number) => next() % Math.max(1, below)
  return {
    upTo,
    happens: (likelihood) => next() < likelihood * 2 ** 32,
    oneOf(items) {
      const item = items[upTo(items.length)]
      if (item === undefined) throw new Error('nothing to choose from')
      return item
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => upTo(256))),
    named: (name) => diceOf(`${seed}/${name}`),
  }
}
