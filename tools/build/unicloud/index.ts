import { constants, copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FunctionConfig } from '../../../shared/runtime/config.js'
import type { EditionName } from '../../clouds/index.js'
import { type Choice, parseChoice, rememberedChoice } from './choice.js'
import { databaseFiles } from './database.js'
import { dependenciesOf, manifestOf } from './manifest.js'
import { select } from './selection.js'
import { exampleSettings, isFilledIn } from './settings.js'
import { Refusal, type Space, spaceOf } from './space.js'

export { Refusal, spaceOf } from './space.js'

const MODULE = 'unicloud-openapi'

export interface UniCloudOptions {
  /** What stood behind `--unicloud`; without it the former choice holds, at first the recommended one. */
  args?: readonly string[] | undefined
  /** The folder to make; `<dist>/uniCloud` unless said otherwise. The choice is kept beside it, as `<out>.json`. */
  out?: string
}

/** Names of functions. */
export interface Laid {
  edition: EditionName
  functions: string[]
  /** Selected with their group, but with a name that is too long for a space. */
  leftOut: string[]
}

/**
 * Lays out for uniCloud what the build left in `dist`: folders that HBuilderX uploads as they are, the library as a
 * common module, an example of the settings, schemas and indexes. Throws {@link Refusal}, and leaves the former output
 * whole then.
 */
export async function buildUniCloud(
  dist: string,
  { args, out = join(dist, 'uniCloud') }: UniCloudOptions = {},
): Promise<Laid> {
  const memory = `${out}.json`
  const choice = args === undefined ? await rememberedChoice(memory) : parseChoice(args)
  const space = spaceOf(choice.edition)
  const { functions, leftOut } = select(await listed(dist), choice.words, space)
  const fresh = `${out}.new`
  await rm(fresh, { recursive: true, force: true })
  const cloudfunctions = join(fresh, 'cloudfunctions')
  await Promise.all(
    functions.map((config) =>
      layFunction(join(dist, 'functions'), cloudfunctions, { config, choice, space }),
    ),
  )
  await layModule(dist, join(cloudfunctions, 'common', MODULE), choice)
  const settings = join('cloudfunctions', 'common', 'uni-config-center', MODULE, 'config.json')
  await writeJson(join(fresh, settings), exampleSettings())
  await keepFilledIn(join(out, settings), join(fresh, settings))
  for (const [file, content] of Object.entries(databaseFiles(choice.edition))) {
    await writeJson(join(fresh, 'database', file), content)
  }
  await rm(out, { recursive: true, force: true })
  await rename(fresh, out)
  await writeJson(memory, choice)
  const { edition } = choice
  return { edition, functions: functions.map(({ name }) => name), leftOut: leftOut.map(({ name }) => name) }
}

const listed = async (dist: string): Promise<FunctionConfig[]> =>
  JSON.parse(await readFile(join(dist, 'functions.json'), 'utf8')) as FunctionConfig[]

interface Laying {
  config: FunctionConfig
  choice: Choice
  space: Space
}

async function layFunction(from: string, into: string, { config, choice, space }: Laying) {
  const folder = join(into, config.name)
  copyFolder(join(from, config.name), folder)
  await extendJson(join(folder, 'package.json'), manifestOf(config, choice.configCenter, space))
  const bytes = await sizeOf(folder)
  if (bytes > space.functionBytes) {
    throw new Refusal(`${config.name} has ${bytes} bytes; uniCloud takes ${space.functionBytes}`)
  }
}

async function layModule(dist: string, folder: string, { configCenter }: Choice) {
  copyFolder(join(dist, 'commonModule'), folder)
  await extendJson(join(folder, 'package.json'), { dependencies: dependenciesOf('module', configCenter) })
}

async function keepFilledIn(former: string, fresh: string): Promise<void> {
  const text = await readFile(former, 'utf8').catch(() => undefined)
  if (text !== undefined && isFilledIn(text)) await writeFile(fresh, text)
}

async function extendJson(file: string, more: object): Promise<void> {
  await writeJson(file, { ...(JSON.parse(await readFile(file, 'utf8')) as object), ...more })
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`)
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/**
 * Copies a folder of plain files and folders; what is there under the same name already is written over.
 *
 * `cp` of `node:fs/promises` asks for the state of every file and folder above it four times over, in turns of the event
 * loop: a space of uniCloud, which is more than a thousand files, took it a second, and takes this a tenth.
 */
export function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyFolder(source, target)
    // Where the file system can, both share the bytes until one is changed.
    else copyFileSync(source, target, constants.COPYFILE_FICLONE)
  }
}
