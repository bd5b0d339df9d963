import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { groupOf } from '../../shared/runtime/config.js'
import { type Entries, entriesOf } from '../client/entries.js'
import { CLIENT_TYPES, clientTypes } from '../client/types.js'
import { inLanguage } from './chinese.js'
import { errorPage } from './errorPage.js'
import { isLibraryMethod } from './library.js'
import { type Capability, capabilities } from './operations.js'
import { registrySource } from './registry.js'
import { results } from './results.js'
import { inputSchema, parameters } from './schema.js'
import { adviceIn, cell, row, tableOf } from './table.js'
import { type Language, words } from './words.js'

/** Every generated file, by its path below the root. */
export async function generatedDocs(root: string): Promise<Map<string, string>> {
  const all = await capabilities(root)
  const entries = entriesOf(root, all)
  const files = new Map([
    ['shared/openapi/operations.ts', registrySource(all)],
    [CLIENT_TYPES, clientTypes(root, all, entries)],
  ])
  for (const { folder, operation } of all) {
    if (operation.reach === 'callback') continue
    files.set(`docs/schemas/${folder}.json`, `${JSON.stringify(inputSchema(operation), null, 2)}\n`)
  }
  for (const [language, ending] of [
    ['en', ''],
    ['zh', '.zh-CN'],
  ] as const) {
    files.set(`docs/api${ending}.md`, apiPage(root, all, entries, language))
    files.set(`docs/errors${ending}.md`, errorPage(language))
  }
  return files
}

function apiPage(root: string, all: Capability[], entries: Entries, language: Language): string {
  const say = words[language]
  const groups = (['payment', 'weixin', 'alipay', 'core'] as const).map((group) => ({
    title: say.groups[group],
    members: all.filter(({ operation }) => groupOf(operation) === group),
  }))
  const sections = groups
    .filter(({ members }) => members.length > 0)
    .map(
      ({ title, members }) =>
        `## ${title}\n\n${members.map((each) => section(root, each, entries, language)).join('\n')}`,
    )
  return `# ${say.title}\n\n${say.other}\n\n${say.intro}\n\n${sections.join('\n')}`
}

function section(root: string, each: Capability, entries: Entries, language: Language): string {
  const say = words[language]
  const { folder, operation } = each
  const { name, doc, title, reach, errors = {} } = operation
  const rows = operation.reach === 'callback' ? [] : parameters(inputSchema(operation))
  const table = rows.map(({ name, type, required, description }) =>
    row(`\`${name}\``, type, required ? say.yes : '', cell(inLanguage(description, language))),
  )
  const answers = answerOf(each, entries).map(({ name, type, required, description }) =>
    row(`\`${name}\``, type, required ? say.yes : '', cell(inLanguage(description, language))),
  )
  const meanings = Object.entries(errors).map(([code, meaning]) =>
    row(code, cell(meaning[language]), adviceIn(language, meaning.advice)),
  )
  return [
    `### ${folder}\n\n${title[language]}\n`,
    ...(isLibraryMethod(name) ? [`- ${say.library}: \`${name}\``] : []),
    `- ${say.reach}: ${say.reaches[reach]}`,
    `- ${say.official}: <${doc}>\n`,
    table.length > 0 ? tableOf(say.parameters, table) : `${say.none}\n`,
    ...(answers.length > 0 ? [tableOf(say.results, answers)] : []),
    ...(meanings.length > 0 ? [tableOf(say.errors, meanings)] : []),
    ...example(root, folder, say.example),
  ].join('\n')
}

/** What a provider is answered is its own language, and not a function's result. */
const answerOf = (each: Capability, { checker, of }: Entries) =>
  each.operation.reach === 'callback' ? [] : results(checker, of(each).result)

function example(root: string, folder: string, heading: string): string[] {
  const { input, output } = JSON.parse(
    readFileSync(join(root, 'functions', folder, 'example.json'), 'utf8'),
  ) as {
    input?: object
    output?: object
  }
  if (!input || !output || Object.keys(output).length === 0) return []
  return [`${heading}:\n\n${fence(input)}\n${fence(shortened(output) as object)}`]
}

/** Pictures would fill the page, and what is another at every call says nothing. */
const shortened = (value: unknown): unknown => {
  if (value === '$any') return '...'
  if (typeof value === 'string') return value.length > 120 ? `${value.slice(0, 24)}...` : value
  if (Array.isArray(value)) return value.slice(0, 2).map(shortened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each)]))
}

const fence = (value: object): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`
