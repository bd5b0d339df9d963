import type { Bilingual } from '../../shared/operation/index.js'
import {
  clientPatience,
  EDITIONS,
  type Edition,
  editions,
  type Figure,
  functionCompute,
  sources,
} from '../clouds/index.js'
import { cell, row, tableOf } from './table.js'
import type { Language } from './words.js'

/** The page of what the clouds take and do: docs/clouds.md. */

const words = {
  en: {
    title: 'What the clouds take',
    other: '[简体中文](clouds.zh-CN.md)',
    intro:
      'Made from `tools/clouds/` by `npm run docs`; do not edit. The build, the deadlines of functions, the local cloud and the doctor read the same figures. Behind each stand its source and the date of the page that was read; where pages of one cloud disagree, the smaller figure holds. `-` means that nobody printed it.',
    editions: 'The editions of uniCloud',
    client: 'The client library gives up by itself after',
    fc: 'Function Compute',
    sources: 'Sources',
    what: 'what',
    columns: 'what | figure | source and date',
    letters: 'letter | what it is',
    elsewhere: 'elsewhere',
    none: 'none',
    yes: 'yes',
    no: 'no',
  },
  zh: {
    title: '各云的限制与行为',
    other: '[English](clouds.md)',
    intro:
      '由 `npm run docs` 根据 `tools/clouds/` 生成，请勿手工修改。构建、函数的时限、本地云与诊断工具读取同样的数值。每个数值后是出处与所读页面的日期；同一家的页面不一致时取较小者。`-` 表示没有文档写明。',
    editions: 'uniCloud 各版本',
    client: '客户端库自身的等待时间',
    fc: '函数计算',
    sources: '出处',
    what: '项目',
    columns: '项目 | 数值 | 出处与日期',
    letters: '字母 | 含义',
    elsewhere: '另有页面写',
    none: '无',
    yes: '是',
    no: '否',
  },
} as const

const contracts: Readonly<Record<Exclude<keyof Edition, 'name' | 'folder'>, Bilingual>> = {
  functions: { en: 'functions of a space', zh: '每个空间的函数数' },
  nameLength: { en: "characters of a function's name", zh: '函数名的字符数' },
  packageSize: { en: 'size of a function', zh: '单个函数的大小' },
  runtimes: { en: 'versions of Node.js', zh: 'Node.js 版本' },
  memorySizes: { en: 'memory', zh: '内存' },
  timeout: { en: 'longest time limit', zh: '最长超时' },
  timeoutClient: { en: "a client's call is cut off after", zh: '客户端调用的中断时间' },
  timeoutUrl: { en: 'a call by URL is cut off after', zh: 'URL 调用的中断时间' },
  timeoutTimer: { en: "a timer's run is cut off after", zh: '定时运行的中断时间' },
  callIn: { en: 'data of a call', zh: '调用的数据' },
  callOut: { en: 'answer of a call', zh: '调用的返回' },
  urlIn: { en: 'body of a call by URL', zh: 'URL 调用的请求体' },
  urlTextIn: { en: 'the same, where it is text', zh: '请求体为文本时' },
  urlOut: { en: 'answer of a call by URL', zh: 'URL 调用的返回' },
  callsPerSecond: { en: 'calls', zh: '调用频率' },
  instanceKept: { en: 'an idle instance is kept for', zh: '空闲实例保留' },
  afterReturn: { en: 'what runs on after `return`', zh: '`return` 之后' },
  timeZone: { en: 'time zone of the process', zh: '进程时区' },
  cronFields: { en: 'cron in `package.json`', zh: '`package.json` 中的 cron' },
  cronFieldsInConsole: { en: 'cron in the console', zh: '控制台中的 cron' },
  shortestPeriod: { en: 'shortest period of a timer', zh: '定时器最短周期' },
  timerRetries: { en: 'a run beyond its limit is started again', zh: '超时的运行会重新启动' },
  timerName: { en: 'what a timer is told it is called', zh: '定时事件中的名称' },
  urlDomains: { en: 'own domains for URL calls', zh: 'URL 自有域名' },
  egress: { en: 'fixed outgoing addresses', zh: '固定出口地址' },
  databaseTimeout: { en: 'a request to the database', zh: '一次数据库请求' },
  readMost: { en: 'documents of one read', zh: '一次读取的文档数' },
  collections: { en: 'collections', zh: '集合数' },
  indexesPerSpace: { en: 'indexes of a space', zh: '每个空间的索引数' },
  indexesPerCollection: { en: 'indexes of a collection', zh: '每个集合的索引数' },
  sparseIndexes: { en: 'sparse indexes', zh: '稀疏索引' },
  indexTypes: { en: 'index files need types', zh: '索引文件须写类型' },
  makesCollections: { en: 'makes a missing collection', zh: '自动创建缺少的集合' },
  idLikeTexts: { en: 'texts of 24 hexadecimal or decimal digits', zh: '24 位十六进制或十进制数字的文本' },
  isoTextsBecomeDates: { en: 'texts that are ISO times become dates', zh: 'ISO 时间文本变为日期' },
  wholeObjectConditions: { en: 'a condition compares an object whole', zh: '条件中的对象整体比较' },
}

const fcContracts: Readonly<Record<keyof typeof functionCompute, Bilingual>> = {
  runtimes: contracts.runtimes,
  functionsPerService: { en: 'functions of a service', zh: '每个服务的函数数' },
  memory: { en: 'memory', zh: '内存' },
  timeout: { en: 'time limit', zh: '超时' },
  instanceConcurrency: { en: 'calls at once in an instance', zh: '单实例并发' },
  body: { en: 'body of a call and of its answer', zh: '调用与返回的数据' },
  bodyAsync: { en: 'body of an asynchronous call', zh: '异步调用的数据' },
  headers: { en: 'headers', zh: '请求头' },
  environment: { en: 'variables of a function in all', zh: '一个函数的环境变量共' },
  codeByApi: { en: 'package, by API', zh: '代码包，经 API' },
  codeByOss: { en: 'package, by OSS', zh: '代码包，经 OSS' },
  logTail: { en: 'log in an answer', zh: '返回中的日志' },
  asyncRetries: { en: 'repeats of a failed asynchronous call', zh: '异步调用失败后的重试' },
  instances: { en: 'instances', zh: '实例数' },
  timeZone: { en: 'time zone', zh: '时区' },
  cronFields: { en: 'cron', zh: 'cron' },
}

const texts: Readonly<Record<string, Bilingual>> = {
  frozen: { en: 'is frozen at once', zh: '立即冻结' },
  'goes on': { en: 'goes on', zh: '继续运行' },
  'lower-cased ids': { en: 'become ids in lower case', zh: '变为小写的 id' },
  'sometimes ids': { en: 'sometimes become ids, and are not found then', zh: '有时变为 id，之后查不到' },
  kept: { en: 'stay as they are', zh: '保持不变' },
}

const units: Readonly<Record<string, string>> = { s: ' 秒', min: ' 分钟', fields: ' 位', '/s': ' 次/秒' }

function valueIn({ value, unit }: Figure<unknown>, language: Language): string {
  const say = words[language]
  if (typeof value === 'boolean') return value ? say.yes : say.no
  if (typeof value === 'string' && texts[value]) return texts[value][language]
  const range = (list: readonly unknown[]) => (list.length === 2 && unit ? list.join('–') : list.join(', '))
  const text = Array.isArray(value) ? range(value) || say.none : String(value)
  if (unit === undefined) return text
  if (unit === '/s') return language === 'en' ? `${text} a second` : `${text}${units[unit]}`
  return `${text}${(language === 'zh' && units[unit]) || ` ${unit}`}`
}

function withNotes(figure: Figure<unknown>, language: Language): string {
  const { elsewhere = [], unit, note } = figure
  const others = elsewhere.map(
    ({ value, source }) =>
      `${words[language].elsewhere} ${valueIn({ ...figure, value, unit } as Figure, language)}, ${source}`,
  )
  const more = [...(note ? [note[language]] : []), ...others].join(language === 'en' ? '; ' : '；')
  return `${valueIn(figure, language)}${more === '' ? '' : ` (${more})`}`
}

const dated = ({ source, date }: Figure<unknown>): string => `${source}; ${date}`

function editionCell(figure: Figure<unknown> | undefined, language: Language): string {
  return figure === undefined ? '-' : cell(`${withNotes(figure, language)}<br>${dated(figure)}`)
}

export function cloudPage(language: Language): string {
  const say = words[language]
  const names = Object.keys(contracts) as (keyof typeof contracts)[]
  const rows = names.map((name) =>
    row(
      contracts[name][language],
      ...EDITIONS.map((edition) => editionCell(editions[edition][name], language)),
    ),
  )
  const heads = EDITIONS.map((edition) => `${editions[edition].name[language]}, \`${edition}\``)
  const fcRows = Object.entries(fcContracts).map(([name, label]) => {
    const figure: Figure<unknown> = functionCompute[name as keyof typeof functionCompute]
    return row(label[language], cell(withNotes(figure, language)), dated(figure))
  })
  return [
    `# ${say.title}\n\n${say.other}\n\n${say.intro}\n`,
    `## ${say.editions}\n`,
    tableOf([say.what, ...heads].join(' | '), rows),
    `${say.client}: ${withNotes(clientPatience, language)}, ${dated(clientPatience)}.\n`,
    `## ${say.fc}\n`,
    tableOf(say.columns, fcRows),
    `## ${say.sources}\n`,
    tableOf(
      say.letters,
      Object.entries(sources).map(([letter, text]) => row(letter, text)),
    ),
  ].join('\n')
}
