import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { initAlipay, initWeixin } from '../../shared/library/index.js'
import { groupOf } from '../../shared/runtime/config.js'
import type { Capability } from '../catalog/capabilities.js'
import type { Catalog } from '../catalog/index.js'
import { inputSchema } from '../catalog/schema.js'
import type { Entries } from '../catalog/types.js'
import { inLanguage } from './chinese.js'
import { cloudPage } from './cloudPage.js'
import { errorPage } from './errorPage.js'
import { orderPage } from './orderPage.js'
import { parameters } from './parameters.js'
import { results } from './results.js'
import { adviceIn, cell, row, tableOf } from './table.js'
import { type Language, words } from './words.js'

/** The pages made here, by their path below the root; those of the doctor are made from its own findings. */
export function generatedPages(catalog: Catalog): Map<string, string> {
  return new Map([
    ['docs/api.md', apiPage(catalog, 'en')],
    ['docs/api.zh-CN.md', apiPage(catalog, 'zh')],
    ['docs/clouds.md', cloudPage('en')],
    ['docs/clouds.zh-CN.md', cloudPage('zh')],
    ['docs/errors.md', errorPage('en')],
    ['docs/errors.zh-CN.md', errorPage('zh')],
    ['docs/orders.md', orderPage('en')],
    ['docs/orders.zh-CN.md', orderPage('zh')],
  ])
}

function apiPage({ root, all, entries }: Catalog, language: Language): string {
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
  const { input, output, fails } = JSON.parse(
    readFileSync(join(root, 'functions', folder, 'example.json'), 'utf8'),
  ) as { input?: object; output?: object; fails?: object }
  const answer = output && Object.keys(output).length > 0 ? output : (fails ?? DONE)
  return input ? [`${heading}:\n\n${fence(input)}\n${fence(shortened(answer) as object)}`] : []
}

/** What every function answers that succeeds, and all that some have to say. */
const DONE = { errCode: 0, errMsg: 'ok' }

/** Pictures would fill the page, and what is another at every call says nothing. */
const shortened = (value: unknown): unknown => {
  if (value === '$any') return '...'
  if (typeof value === 'string') return value.length > 120 ? `${value.slice(0, 24)}...` : value
  if (Array.isArray(value)) return value.slice(0, 2).map(shortened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each)]))
}

const fence = (value: object): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`

const instances: readonly object[] = [
  initWeixin({ appId: 'any' }),
  initAlipay({ appId: 'any', privateKey: 'any' }),
]

/** Whether the library has it as a method: what answers providers, runs by timer or keeps orders is a function alone. */
const isLibraryMethod = (dotted: string): boolean =>
  instances.some((instance) => {
    let at: unknown = instance
    for (const word of dotted.split('.')) at = Object(at)[word]
    return typeof at === 'function'
  })
