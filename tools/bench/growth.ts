import type { Ours } from './built.js'
import { type Reader, type Reading, readers } from './readers.js'
import { texts } from './shapes.js'
import { collectGarbage, worked } from './times.js'

/** How much more than twice the time twice the size may take: a square would take 2. */
const MOST = 1.3

/** Seen over so many doublings in a row, since memory that does not fit in front of some cache makes for a step. */
const DOUBLINGS = 2

const SMALLEST = 4 * 1024
const ROUNDS = 12

/** One kind of message: what is sent, by size in bytes. */
export type Shape = (size: number) => Reading

/** Everything a reader is tried with. */
export const kindsOf = (reader: Reader): Record<string, Record<string, Shape>> => ({
  genuine: mapped(texts, (piece) => filling(reader.genuine, piece)),
  forged: mapped(texts, (piece) => filling(reader.forged, piece)),
  odd: mapped(reader.bodies, (body) => (size) => reader.whole(body(size))),
})

const mapped = <From, To>(all: Readonly<Record<string, From>>, change: (each: From) => To) =>
  Object.fromEntries(Object.entries(all).map(([name, each]) => [name, change(each)]))

/** So much of `piece` that the body has the size, or hardly less, however texts are written there. */
function filling(message: (text: string) => Reading, piece: string): Shape {
  const empty = message('').bytes
  const each = (message(piece.repeat(SAMPLE)).bytes - empty) / SAMPLE
  return (size) => message(piece.repeat((size * FULL - empty) / each))
}

/** Pieces enough for what ciphers and base64 round up to vanish in {@link FULL}. */
const SAMPLE = 4000
const FULL = 0.99

export interface Growth {
  /** Nanoseconds for the largest. */
  largest: number
  /** Of a doubling where it is steepest: time(2n) / 2 time(n). */
  ratio: number
}

/** The sizes in turn, several times over; what is undisturbed counts. */
export async function grown(shape: Shape, upTo: number): Promise<Growth> {
  const readings: { work: () => Promise<void>; best: number }[] = []
  for (let size = SMALLEST; size <= upTo; size *= 2) {
    const { read } = shape(size)
    const work = async () => {
      try {
        await read()
      } catch {
        // Refusing is work as well.
      }
    }
    readings.push({ work, best: Number.POSITIVE_INFINITY })
  }
  collectGarbage()
  for (let round = 0; round < ROUNDS; round++) {
    for (const reading of readings) reading.best = Math.min(reading.best, await worked(reading.work))
  }
  const bests = readings.map(({ best }) => best)
  const ratios = bests.slice(DOUBLINGS).map((best, i) => (best / (bests[i] ?? 0)) ** (1 / DOUBLINGS) / 2)
  return { largest: bests.at(-1) ?? 0, ratio: Math.max(...ratios) }
}

/** What is over the limit may have been disturbed; what really grows too fast does so every time. */
async function undisturbed(shape: Shape, upTo: number): Promise<Growth> {
  let growth = await grown(shape, upTo)
  for (let again = 0; growth.ratio > MOST && again < 2; again++) growth = await grown(shape, upTo)
  return growth
}

/** The growth of every shape, the steepest first. */
async function allGrown(shapes: Record<string, Shape>, upTo: number): Promise<(Growth & { name: string })[]> {
  const all: (Growth & { name: string })[] = []
  for (const [name, shape] of Object.entries(shapes)) all.push({ name, ...(await undisturbed(shape, upTo)) })
  return all.sort((one, other) => other.ratio - one.ratio)
}

/** Prints how the work of verifying grows with the body; answers what grows too fast. */
export async function growths(ours: Ours): Promise<string[]> {
  const missed: string[] = []
  const from = `from ${SMALLEST / 1024} KB doubling`
  console.log(`verifying, ${from}: time(2n) / 2 time(n) at its steepest, at most ${MOST}`)
  for (const reader of readers(ours)) {
    for (const [kind, shapes] of Object.entries(kindsOf(reader))) {
      const name = `${reader.name}, ${kind}`
      const all = await allGrown(shapes, reader.upTo)
      console.log(`  ${name.padEnd(40)} ${summary(all, reader.upTo)}`)
      const over = all.filter(({ ratio }) => ratio > MOST)
      missed.push(...over.map((each) => `${name}, ${each.name}: ${each.ratio.toFixed(2)}`))
    }
  }
  return missed
}

function summary(all: readonly (Growth & { name: string })[], upTo: number): string {
  const slowest = Math.max(...all.map(({ largest }) => largest))
  const size = `${upTo / 1024} KB in ${(slowest / 1e6).toFixed(2)} ms`
  const [steepest] = all
  return `${size.padEnd(20)} ${steepest?.ratio.toFixed(2)}  ${steepest?.name}`
}
