import type { Edition } from './edition.js'

const read = '2025-04-30'

/** uniCloud, Tencent edition. */
export const tencent: Edition = {
  name: { en: 'Tencent', zh: '腾讯云版' },
  folder: 'uniCloud-tcb',
  functions: {
    ...{ value: 149, source: 'D4 cf-functions, price', date: read },
    elsewhere: [{ value: 150, source: 'D4 price, table of plans' }],
  },
  packageSize: {
    ...{ value: 10, unit: 'MB', source: 'D4 cf-functions', date: read },
    note: { en: 'node_modules are not counted', zh: '不计 node_modules' },
  },
  runtimes: {
    ...{ value: ['Nodejs8', 'Nodejs12', 'Nodejs16', 'Nodejs18'], source: 'D4 cf-functions', date: read },
    note: { en: 'Nodejs8 is ending', zh: 'Nodejs8 即将停用' },
  },
  memorySizes: { value: [128, 256, 512, 1024, 2048], unit: 'MB', source: 'D4 cf-functions', date: read },
  timeout: { value: 60, unit: 's', source: 'D4 cf-functions, price', date: read },
  timeoutClient: {
    ...{ value: 30, unit: 's', source: 'D4 cf-functions', date: read },
    note: { en: 'the function runs on to its own limit', zh: '函数继续运行到自身的超时' },
  },
  timeoutUrl: { value: 60, unit: 's', source: 'D4 price', date: read },
  timeoutTimer: { value: 900, unit: 's', source: 'D4 cf-functions, trigger, price', date: read },
  callIn: {
    ...{ value: 5, unit: 'MB', source: 'D4 cf-callfunction, cloud-obj', date: read },
    elsewhere: [{ value: 6, source: 'D4 price' }],
  },
  callOut: { value: 6, unit: 'MB', source: 'D4 price', date: read },
  urlIn: { value: 20, unit: 'MB', source: 'D4 http, price', date: read },
  urlTextIn: {
    ...{ value: 100, unit: 'KB', source: 'D4 http, price', date: read },
    note: { en: 'that JSON and XML count as text is inferred', zh: 'JSON 与 XML 计为文本是推断' },
  },
  urlOut: { value: 6, unit: 'MB', source: 'D4 http, price', date: read },
  callsPerSecond: { value: [500, 10000], unit: '/s', source: 'D4 price', date: read },
  instanceKept: { value: 30, unit: 'min', source: 'D4 cf-functions', date: read },
  afterReturn: {
    ...{ value: 'goes on', source: 'D4 cf-functions', date: read },
    note: {
      en: 'and is billed, unless keepRunningAfterReturn is false; frozen on Nodejs8',
      zh: '并计费，除非 keepRunningAfterReturn 为 false；Nodejs8 冻结',
    },
  },
  timeZone: { value: 'UTC', source: 'D4 cf-functions', date: read },
  cronFields: { value: 7, unit: 'fields', source: 'D4 cf-functions', date: read },
  cronFieldsInConsole: { value: 7, unit: 'fields', source: 'D4 trigger', date: read },
  shortestPeriod: { value: 1, unit: 's', source: 'D4 trigger', date: read },
  urlDomains: { value: 1, source: 'D5 http', date: '2025-10' },
  egress: {
    ...{ value: [], source: 'D4 cf-functions', date: read },
    note: {
      en: 'a switch in the console, paid plans; another address for functions in the VPC',
      zh: '付费套餐在控制台逐个函数开启；VPC 内的函数使用另一个地址',
    },
  },
  databaseTimeout: { value: 5, unit: 's', source: 'D4 hellodb', date: read },
  readMost: { value: 1000, source: 'D4 cf-database', date: read },
  collections: { value: 300, source: 'D4 price', date: read },
  indexesPerCollection: { value: 20, source: 'D4 price', date: read },
  sparseIndexes: { value: false, source: 'D4 db-index', date: read },
  indexTypes: { value: false, source: 'D4 db-index', date: read },
  makesCollections: { value: false, source: 'D4 hellodb', date: read },
  idLikeTexts: { value: 'sometimes ids', source: 'D4 price', date: read },
  isoTextsBecomeDates: { value: false, source: 'D4 known-issue', date: read },
  wholeObjectConditions: { value: false, source: 'D4 cf-database', date: read },
}
