import { existsSync, readFileSync } from 'node:fs'
import type { Settings } from '../../shared/config/index.js'
import type { Context } from '../../shared/operation/index.js'
import { argumentsOf, commands, printable, progressBar, timeIn } from '../command/index.js'
import { chosenSettings, type Language, languageOf, runCommand } from '../doctor/command.js'
import { settingsFrom } from '../doctor/doctor.js'
import { readCapture } from '../doctor/notice/capture.js'
import { dryStore } from './dryStore.js'
import { contextOver, openRecords } from './open.js'
import { type Kept, keptById, keptSince, type Replayed, replay } from './replay.js'

/** `npm run replay`: 0 when everything verifies, 1 when something does not, 2 when it could not begin. */

const texts = {
  en: {
    answer: 'an answer to a question of ours, no notice: ask again with orderQuery',
    unreadable: 'cannot be read: {why}; was EVIDENCE_KEY another one?',
    refused: 'does not verify: {reason}; npm run doctor -- notice says why',
    would: 'verifies; would be {verdict}',
    is: 'verifies; {verdict}',
    none: 'nothing is kept since then',
    apply: 'nothing was changed; --apply does it',
  },
  zh: {
    answer: '是对我方查询的应答，不是通知：请用 orderQuery 重新查询',
    unreadable: '无法读取：{why}；EVIDENCE_KEY 是否换过？',
    refused: '验签不通过：{reason}；原因见 npm run doctor -- notice',
    would: '验签通过；将为 {verdict}',
    is: '验签通过；{verdict}',
    none: '此后没有保存的通知',
    apply: '未作任何更改；加 --apply 执行',
  },
} as const

async function wanted(
  context: Context,
  word: string | undefined,
  since: string | undefined,
): Promise<Kept[]> {
  if (since !== undefined) return keptSince(context, timeIn('since', since))
  if (word === undefined) throw new Error('which one? an id, a file, or --since <time>')
  const found = await keptById(context, word)
  if (found) return [found]
  if (existsSync(word)) return [inFile(word, context.settings)]
  throw new Error(`${word} is neither the id of a kept notice nor a file`)
}

function inFile(path: string, settings: Settings): Kept {
  const { call, provider, merchantId, at } = readCapture(readFileSync(path), settings)
  return { id: path, call, provider, merchantId, at }
}

function line({ id, at }: Kept, replayed: Replayed, language: Language, isApplied: boolean): string {
  const text = texts[language]
  const when = at === undefined ? '' : ` (${new Date(at).toISOString()})`
  if (replayed.outcome === 'answer') return `- ${id}${when}: ${text.answer}`
  if (replayed.outcome === 'unreadable') {
    return `✗ ${id}${when}: ${text.unreadable.replace('{why}', () => replayed.why)}`
  }
  if (replayed.outcome === 'refused') {
    return `✗ ${id}${when}: ${text.refused.replace('{reason}', replayed.reason)}`
  }
  const { verdict, outTradeNo = '', before = '-', after = '-' } = replayed
  const said = (isApplied ? text.is : text.would).replace('{verdict}', verdict)
  const order = outTradeNo && `, ${outTradeNo} ${before === after ? after : `${before} -> ${after}`}`
  return `✓ ${id}${when}: ${said}${order}`
}

async function main(): Promise<number> {
  const { values, words } = argumentsOf('replay')
  const { apply, data, lang, since } = values
  const language = languageOf(lang, process.env)
  const settings = settingsFrom(chosenSettings(values).settings)
  const store = await openRecords(settings, data)
  try {
    const kept = await wanted(contextOver(settings, store), words[0], since)
    const context = contextOver(settings, apply ? store : dryStore(store))
    const progress = progressBar(process.stderr)
    let refused = 0
    for (const [done, each] of kept.entries()) {
      const replayed = await replay(context, each)
      if (replayed.outcome === 'refused' || replayed.outcome === 'unreadable') refused += 1
      progress.end()
      console.log(printable(line(each, replayed, language, apply)))
      progress.step(done + 1, kept.length)
    }
    progress.end()
    if (kept.length === 0) console.log(texts[language].none)
    else if (!apply) console.log(texts[language].apply)
    return refused === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

await runCommand(commands.replay.usage, main)
