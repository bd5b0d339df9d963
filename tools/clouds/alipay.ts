import type { Edition } from './edition.js'

const read = '2025-04-30'

/** uniCloud, Alipay edition. */
export const alipay: Edition = {
  name: { en: 'Alipay', zh: '支付宝云版' },
  folder: 'uniCloud-alipay',
  functions: { value: 499, source: 'D4 cf-functions, price', date: read },
  packageSize: {
    ...{ value: 10, unit: 'MB', source: 'D4 cf-functions', date: read },
    note: { en: 'node_modules are not counted', zh: '不计 node_modules' },
  },
  runtimes: { value: ['Nodejs16', 'Nodejs18'], source: 'D4 cf-functions', date: read },
  memorySizes: {
    ...{ value: [128, 256, 512, 1024, 2048], unit: 'MB', source: 'D4 cf-functions, price', date: read },
    note: { en: 'printed are 128 as the least and 512 as the default', zh: '文档仅写明最小 128、默认 512' },
  },
  timeout: { value: 180, unit: 's', source: 'D4 cf-functions, price', date: read },
  timeoutClient: {
    ...{ value: 180, unit: 's', source: 'D4 cf-functions, price', date: read },
    note: { en: 'the function is stopped', zh: '函数随之终止' },
  },
  timeoutUrl: { value: 180, unit: 's', source: 'D4 price', date: read },
  timeoutTimer: {
    ...{ value: 10800, unit: 's', source: 'D4 cf-functions, trigger, price', date: read },
    note: { en: 'once the asynchronous timeout is switched on', zh: '须开启异步超时' },
  },
  callIn: {
    ...{ value: 6, unit: 'MB', source: 'D4 cf-callfunction, cloud-obj', date: read },
    elsewhere: [{ value: 32, source: 'D4 price' }],
  },
  callOut: { value: 32, unit: 'MB', source: 'D4 price', date: read },
  urlIn: { value: 32, unit: 'MB', source: 'D4 price', date: read },
  urlOut: { value: 32, unit: 'MB', source: 'D4 price', date: read },
  callsPerSecond: { value: 2000, unit: '/s', source: 'D4 price', date: read },
  instanceKept: { value: 1, unit: 'min', source: 'D4 cf-functions', date: read },
  afterReturn: { value: 'goes on', source: 'D4 cf-functions', date: read },
  timeZone: { value: 'Asia/Shanghai', source: 'D4 cf-functions', date: read },
  cronFields: { value: 7, unit: 'fields', source: 'D4 cf-functions', date: read },
  cronFieldsInConsole: { value: 6, unit: 'fields', source: 'D4 trigger', date: read },
  shortestPeriod: {
    ...{ value: 1, unit: 's', source: 'D4 trigger; D5 trigger', date: read },
    note: { en: 'a changed schedule takes about a minute', zh: '修改约一分钟后生效' },
  },
  urlDomains: { value: 3, source: 'D5 http', date: '2025-10' },
  egress: { value: ['47.97.38.108', '112.124.10.115'], source: 'D4 cf-functions', date: read },
  databaseTimeout: {
    ...{ value: 5, unit: 's', source: 'D4 hellodb', date: read },
    note: { en: 'can be set to 300', zh: '可设至 300' },
  },
  collections: {
    ...{ value: 100, source: 'D4 price, comparison', date: read },
    elsewhere: [{ value: 400, source: 'D4 price, table of plans' }],
  },
  indexesPerCollection: { value: 20, source: 'D4 price', date: read },
  sparseIndexes: { value: false, source: 'D4 db-index', date: read },
  indexTypes: { value: true, source: 'D4 db-index', date: read },
  makesCollections: { value: false, source: 'D4 hellodb', date: read },
  idLikeTexts: { value: 'kept', source: 'D4 price', date: read },
  isoTextsBecomeDates: { value: false, source: 'D4 known-issue', date: read },
  wholeObjectConditions: { value: true, source: 'D4 cf-database', date: read },
}
