import { collectGarbage, worked } from '../times.js'
import type { BillFile } from './files.js'
import { compareDay, readOurs, readPeers, type System } from './measured.js'

/** What the bench asks of a process of its own: one measurement, answered as a line of JSON. */
export type Task =
  | { do: 'read'; by: 'ours' | 'peer'; system: System; bill: BillFile }
  | { do: 'compare'; small: BillFile; large: BillFile; flow?: BillFile; smallFlow?: BillFile }

export interface Measured {
  rows: number
  /** Nanoseconds of the processor a row. */
  ns: number
  /** The same for the smaller bill. */
  smallNs?: number
  /** The most memory that the process had, in megabytes. */
  megabytes: number
}

/** The smaller bill is compared so often before it counts: the compiler has to be done with it. */
const WARM_UPS = 10
const ROUNDS = 11

async function nsARow(work: () => Promise<number>): Promise<{ rows: number; ns: number }> {
  let rows = 0
  const ns = await worked(async () => {
    rows = await work()
  })
  return { rows, ns: ns / rows }
}

async function measure(task: Task): Promise<Measured> {
  if (task.do === 'read') {
    const { by, system, bill } = task
    return {
      ...(await nsARow(() => (by === 'ours' ? readOurs : readPeers)(system, bill))),
      megabytes: memory(),
    }
  }
  const small = () => nsARow(() => compareDay(task.small, task.smallFlow))
  for (let round = 0; round < WARM_UPS; round++) await small()
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push((await small()).ns)
  collectGarbage()
  const large = await nsARow(() => compareDay(task.large, task.flow))
  const smallNs = times.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? Number.NaN
  return { ...large, smallNs, megabytes: memory() }
}

const memory = (): number => process.resourceUsage().maxRSS / 1024

measure(JSON.parse(process.argv[2] ?? '') as Task).then((measured) =>
  process.stdout.write(JSON.stringify(measured)),
)
