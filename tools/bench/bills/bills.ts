import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundled } from '../built.js'
import type { Measured, Task } from './child.js'
import { alipayTradeFile, weixinFlowFile, weixinTradeFile } from './files.js'
import type { System } from './measured.js'

const SMALL = 10_000
const LARGE = 1_000_000
/** Characters of GB18030 are written slowly, and a fifth of the rows says as much. */
const ALIPAY = 200_000

/** How much longer a row of the large bill may take than one of the small. */
const MOST_GROWTH = 1.2

/** Megabytes that the process may have, of a function's 512. */
const MOST_MEMORY = 256

/** How many times the rows of `csv-parse` with `columns: true` in the same time. */
const LEAST_RATIO: Readonly<Record<System, number>> = { 'weixin-v3': 3, alipay: 2 }

/** Processes one after the other: each has its own memory, and what one leaves is no other's. */
function measured(child: string, task: Task): Measured {
  const text = execFileSync(process.execPath, [child, JSON.stringify(task)], { encoding: 'utf8' })
  return JSON.parse(text) as Measured
}

/**
 * Prints what comparing a day of a million trades takes, with its fund-flow bill, and how fast bills are read beside
 * `csv-parse`; answers what misses its limit. Times are the processor's, so that neighbours do not count.
 */
export async function bills(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bills-'))
  try {
    const child = await bundled(join(folder, 'child'), join('tools', 'bench', 'bills', 'child.ts'))
    return [...(await compared(child, folder)), ...(await read(child, folder))]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function compared(child: string, folder: string): Promise<string[]> {
  const { rows, ns, smallNs, megabytes } = measured(child, {
    do: 'compare',
    small: await weixinTradeFile(folder, SMALL),
    smallFlow: await weixinFlowFile(folder, SMALL),
    large: await weixinTradeFile(folder, LARGE),
    flow: await weixinFlowFile(folder, LARGE),
  })
  const growth = ns / (smallNs ?? Number.NaN)
  console.log(`a day's trade and fund-flow bill compared, ${rows} trades, ${rows * 2} movements`)
  console.log(`  a trade: ${micro(ns)}, of ${SMALL} ${micro(smallNs ?? 0)}: ${growth.toFixed(2)} times`)
  console.log(`  memory at most ${megabytes.toFixed(0)} MB`)
  return [
    ...(growth <= MOST_GROWTH ? [] : [`a trade of ${LARGE}: ${growth.toFixed(2)} times that of ${SMALL}`]),
    ...(megabytes <= MOST_MEMORY ? [] : [`${megabytes.toFixed(0)} MB for ${LARGE} trades`]),
  ]
}

async function read(child: string, folder: string): Promise<string[]> {
  console.log('bills read beside csv-parse, columns: true')
  const files = {
    'weixin-v3': await weixinTradeFile(folder, LARGE),
    alipay: alipayTradeFile(folder, ALIPAY),
  }
  return (['weixin-v3', 'alipay'] as const).flatMap((system) => {
    const [ours, peer] = (['ours', 'peer'] as const).map((by) =>
      measured(child, { do: 'read', by, system, bill: files[system] }),
    )
    const ratio = (peer?.ns ?? 0) / (ours?.ns ?? Number.NaN)
    const name = system === 'alipay' ? 'GB18030, deflated' : 'UTF-8, gzip'
    const each = `${micro(ours?.ns ?? 0)} a row, csv-parse ${micro(peer?.ns ?? 0)}`
    console.log(`  ${name.padEnd(20)} ${ours?.rows} rows  ${each}  ${ratio.toFixed(2)} times as fast`)
    return ratio >= LEAST_RATIO[system] ? [] : [`${name}: ${ratio.toFixed(2)} times csv-parse`]
  })
}

const micro = (ns: number): string => `${(ns / 1000).toFixed(2)} µs`
