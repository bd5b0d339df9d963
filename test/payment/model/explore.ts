import {
  callOf,
  type Fault,
  granted,
  landed,
  paidBy,
  restoredFrom,
  type Setting,
  withBooks,
} from './apply.js'
import { finishRefund, type PlatformRefund } from './books.js'
import { bookProblems, stateProblems } from './invariants.js'
import { Invocation, pendingOf } from './invocation.js'
import { type Flight, identity, type Left, type Pending, type Start, type World } from './world.js'

/** A state, and how it came about. */
export interface Node {
  world: World
  depth: number
  label: string
  parent?: Node
  /** The invocation that was running when this state was seen; going on with it was seen as well. */
  running?: number
}

export interface Explored {
  states: number
  transitions: number
  /** States first seen at each depth. */
  byDepth: number[]
  healed: number
  /** What is wrong, and the shortest schedule that leads there. */
  found: { problem: string; schedule: string[] }[]
}

export interface Bounds {
  depth: number
  /** Invocations under way at once. */
  flights: number
  /** The exploration stops at such a problem. */
  until?: RegExp
}

const spent = (left: Left, what: keyof Left): Left | undefined => {
  const times = left[what] ?? 0
  return times > 0 ? { ...left, [what]: times - 1 } : undefined
}

/** Every state within the bounds, the nearest first: what can happen is tried in each, and what has to hold is checked. */
export async function explore(setting: Setting, first: World, bounds: Bounds): Promise<Explored> {
  const seen = new Set<string>()
  const healthy = new Map<string, Promise<string[]>>()
  const explored: Explored = { states: 0, transitions: 0, byDepth: [], healed: 0, found: [] }
  const problems = new Set<string>()
  const found = (problem: string, node: Node) => {
    if (problems.has(problem)) return
    problems.add(problem)
    explored.found.push({ problem, schedule: scheduleOf(node) })
  }
  let frontier: Node[] = []
  const visit = async (node: Node): Promise<void> => {
    const id = identity(node.world)
    if (seen.has(id)) return
    seen.add(id)
    explored.states += 1
    explored.byDepth[node.depth] = (explored.byDepth[node.depth] ?? 0) + 1
    const wrong = stateProblems(node.world)
    for (const problem of wrong) found(problem, node)
    if (wrong.length > 0) return
    if (node.world.flights.length === 0) {
      for (const problem of await healing(setting, node.world, healthy)) found(`afterwards: ${problem}`, node)
    }
    if (node.depth < bounds.depth) frontier.push(node)
  }
  await visit({ world: first, depth: 0, label: 'at first' })
  while (frontier.length > 0) {
    const level = frontier
    frontier = []
    for (const node of level) {
      for await (const next of successors(setting, node, bounds)) {
        explored.transitions += 1
        await visit(next)
        if (bounds.until && [...problems].some((problem) => bounds.until?.test(problem))) {
          return { ...explored, healed: healthy.size }
        }
      }
    }
  }
  return { ...explored, healed: healthy.size }
}

function scheduleOf(node: Node): string[] {
  const before = node.parent ? scheduleOf(node.parent) : []
  return [...before, node.label]
}

const named = (start: Start): string => {
  if (start.call === 'notice')
    return `notice of ${start.mail.about === 'payment' ? 'payment' : start.mail.outRefundNo}`
  return 'outRefundNo' in start ? `${start.call} ${start.outRefundNo}` : start.call
}

const faultsOf: Readonly<Record<Pending['kind'], readonly Fault[]>> = {
  read: ['store down'],
  write: ['write unanswered', 'store down'],
  provider: ['answer lost', 'request lost'],
  delivery: ['answer lost', 'request lost'],
}

/** Everything that can happen next. */
async function* successors(setting: Setting, node: Node, bounds: Bounds): AsyncGenerator<Node> {
  const { world } = node
  const { flights, left } = world
  const child = (label: string, next: World): Node => ({
    world: next,
    depth: node.depth + 1,
    label,
    parent: node,
  })
  for (const [n, flight] of flights.entries()) {
    const others = flights.filter((_, m) => m !== n)
    const name = named(flight.start)
    const crashed = spent(left, 'crash')
    if (crashed)
      yield child(`${name} dies before: ${flight.next.key}`, { ...world, flights: others, left: crashed })
    const lost = spent(left, 'loss')
    for (const fault of lost ? faultsOf[flight.next.kind] : []) {
      const ready = { ...world, flights: others, left: lost as Left }
      yield* fly(setting, node, ready, flight, `${fault} for ${name}: ${flight.next.key}`, fault)
    }
    if (n === node.running) continue
    yield* fly(setting, node, { ...world, flights: others }, flight, `${name} goes on`)
  }
  const paid = paidBy(world)
  if (paid) yield child('the payer pays', paid)
  for (const { outRefundNo, state } of world.books.trade?.refunds ?? []) {
    if (state !== 'PROCESSING') continue
    yield child(`refund ${outRefundNo} is done`, withRefundEnd(world, outRefundNo, 'SUCCESS'))
    const rest = spent(left, 'failed refund')
    for (const end of rest ? (['CLOSED', 'ABNORMAL'] as const) : []) {
      yield child(
        `refund ${outRefundNo} is ${end}`,
        withRefundEnd({ ...world, left: rest as Left }, outRefundNo, end),
      )
    }
  }
  const unrestored = flights.length === 0 ? spent(left, 'restore') : undefined
  const restored = unrestored && restoredFrom({ ...world, left: unrestored }, firstOf(node).world.tables)
  if (restored) yield child('the order is put back to what it was at first', restored)
  if (flights.length >= bounds.flights || (flights.length > 0 && !left.switch)) return
  for (const start of startsIn(world)) {
    const rest = spent(left, start.call)
    if (!rest || setting.plant?.idle === start.call) continue
    const further = flights.length > 0 ? (spent(rest, 'switch') as Left) : rest
    const ready = begun({ ...world, left: further }, start)
    if (!ready) continue
    const call = callOf(setting, ready, start)
    const flight = {
      start,
      call,
      steps: [],
      startedAt: ready.now,
      next: { key: 'begin', kind: 'read' },
    } as const
    yield* fly(setting, node, ready, flight, named(start))
  }
}

const firstOf = (node: Node): Node => (node.parent ? firstOf(node.parent) : node)

function withRefundEnd(world: World, outRefundNo: string, state: PlatformRefund['state']): World {
  const books = structuredClone(world.books)
  const refund = books.trade?.refunds.find((each) => each.outRefundNo === outRefundNo)
  if (!books.trade || !refund) return world
  return withBooks(world, { ...books, outbox: [finishRefund(books.trade, refund, state)] })
}

const MINUTE = 60_000

function* startsIn({ mail }: World): Generator<Start> {
  yield { call: 'getOrderInfo' }
  for (const letter of mail) if (letter.sent < 2) yield { call: 'notice', mail: letter.mail }
  yield { call: 'orderQuery' }
  yield { call: 'closeOrder' }
  yield { call: 'refund', outRefundNo: 'R1', refundFee: 700 }
  yield { call: 'refund', outRefundNo: 'R2', refundFee: 600 }
  yield { call: 'refundQuery', outRefundNo: 'R1' }
  yield { call: 'timer' }
}

/** The world at the moment of a start. A timer comes when something is due, and a minute later at the earliest. */
function begun(world: World, start: Start): World | undefined {
  if (start.call === 'notice') {
    const mail = world.mail.map((letter) =>
      letter.mail === start.mail ? { ...letter, sent: letter.sent + 1 } : letter,
    )
    return { ...world, mail }
  }
  if (start.call !== 'timer') return world
  const due = dueIn(world)
  if (due === undefined) return undefined
  if (world.flights.length > 0) return due <= world.now ? world : undefined
  return { ...world, now: Math.max(world.now + MINUTE + 1000, due) }
}

function dueIn({ tables }: World): number | undefined {
  const times = [...tables.values()].flatMap(({ nextQueryAt, confirmAt, nextEventAt }) =>
    [nextQueryAt, confirmAt, nextEventAt].filter((time): time is number => typeof time === 'number'),
  )
  return times.length === 0 ? undefined : Math.min(...times)
}

/**
 * Lets an invocation go on to its end, with `fault` in what it asks for first. Every state on the way is one in which it
 * may die or be passed by another; reads that follow each other count as one.
 */
async function* fly(
  setting: Setting,
  parent: Node,
  before: World,
  flight: Omit<Flight, 'next'>,
  label: string,
  fault?: Fault,
): AsyncGenerator<Node> {
  const invocation = await resumed(setting, flight)
  const steps = [...flight.steps]
  const others = before.flights
  let world = before
  let last: Pending['kind'] | undefined
  for (;;) {
    if (steps.length > MOST_STEPS) {
      const problems = [...world.problems, `${named(flight.start)} does not end`]
      yield { world: { ...world, problems }, depth: parent.depth + 1, label, parent }
      return
    }
    const request = await invocation.next()
    if ('ending' in request) {
      const end = landed(setting, world, flight.start, request.ending)
      yield { world: end, depth: parent.depth + 1, label, parent }
      return
    }
    const next = pendingOf(request)
    if (last !== undefined && (last !== 'read' || next.kind !== 'read')) {
      const { start, call, startedAt } = flight
      const here: Flight = { start, call, startedAt, steps: [...steps], next }
      const place = { world: { ...world, flights: [...others, here] }, running: others.length }
      yield { ...place, depth: parent.depth + 1, label: `${label}, up to: ${next.key}`, parent }
    }
    const { world: after, step } = granted(setting, world, request, last === undefined ? fault : undefined)
    world = after
    steps.push(step)
    invocation.settle(step)
    last = next.kind
  }
}

/** No call asks for so much. */
const MOST_STEPS = 300

async function resumed(
  { wire }: Setting,
  { call, steps, startedAt }: Omit<Flight, 'next'>,
): Promise<Invocation> {
  const invocation = new Invocation(wire.env, call, startedAt)
  for (const step of steps) {
    const request = await invocation.next(step.key)
    if ('ending' in request) throw new Error(`a replay came to its end before: ${step.key}`)
    invocation.settle(step)
  }
  return invocation
}

/** More often than this the timer has never to run until all is settled. */
const ROUNDS = 40

/**
 * What is wrong once nothing fails any more, no notice comes, all refunds are done there, and only the timer runs. Worlds
 * that were healed before, or come to one that was, are not healed again.
 */
const healing = (setting: Setting, sick: World, known: Map<string, Promise<string[]>>): Promise<string[]> =>
  settled(setting, { ...undisturbed(sick), left: {} }, known, ROUNDS)

function undisturbed(world: World): World {
  let next = world
  for (const { outRefundNo, state } of world.books.trade?.refunds ?? []) {
    if (state === 'PROCESSING') next = withRefundEnd(next, outRefundNo, 'SUCCESS')
  }
  return { ...next, mail: [] }
}

function settled(
  setting: Setting,
  world: World,
  known: Map<string, Promise<string[]>>,
  rounds: number,
): Promise<string[]> {
  const id = identity(world)
  const before = known.get(id)
  if (before) return before
  const result = (async () => {
    const ready = setting.plant?.idle === 'timer' ? undefined : begun(world, { call: 'timer' })
    if (!ready) return bookProblems(world)
    if (rounds === 0) return ['it is never settled']
    const call = callOf(setting, ready, { call: 'timer' })
    const flight = { start: { call: 'timer' }, call, steps: [], startedAt: ready.now } as const
    let end = ready
    for await (const node of fly(setting, { world, depth: 0, label: '' }, ready, flight, 'timer'))
      end = node.world
    const wrong = stateProblems(end)
    return wrong.length > 0 ? wrong : settled(setting, undisturbed(end), known, rounds - 1)
  })()
  known.set(id, result)
  return result
}
