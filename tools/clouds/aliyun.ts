import type { Edition } from './edition.js'

const read = '2025-04-30'

/** uniCloud, Alibaba edition, the commercial one (正式版). */
export const aliyun: Edition = {
  name: { en: 'Alibaba', zh: '阿里云版' },
  folder: 'uniCloud-aliyun',
  functions: {
    ...{ value: 99, source: 'D4 cf-functions, price', date: read },
    note: { en: '48 before', zh: '此前为 48' },
  },
  nameLength: { value: 30, source: 'E2', date: 'undated' },
  packageSize: {
    ...{ value: 10, unit: 'MB', source: 'D4 cf-functions', date: read },
    note: { en: 'node_modules included', zh: '含 node_modules' },
  },
  runtimes: {
    value: ['Nodejs12', 'Nodejs14', 'Nodejs16', 'Nodejs18', 'Nodejs20'],
    ...{ source: 'D4 cf-functions', date: read },
  },
  memorySizes: { value: [128, 256, 512, 1024, 2048], unit: 'MB', source: 'D4 cf-functions', date: read },
  timeout: { value: 120, unit: 's', source: 'D4 cf-functions, price', date: read },
  timeoutClient: {
    ...{ value: 120, unit: 's', source: 'D4 cf-functions, price', date: read },
    note: { en: '60 before; the function is stopped', zh: '此前为 60；函数随之终止' },
  },
  timeoutUrl: { value: 120, unit: 's', source: 'D4 price', date: read },
  timeoutTimer: {
    ...{ value: 600, unit: 's', source: 'D4 trigger; D5 trigger', date: read },
    elsewhere: [{ value: 7200, source: 'D4 cf-functions, price' }],
  },
  callIn: {
    ...{ value: 2, unit: 'MB', source: 'D4 cf-callfunction, cloud-obj', date: read },
    elsewhere: [{ value: 6, source: 'D4 price' }],
  },
  callOut: { value: 6, unit: 'MB', source: 'D4 price', date: read },
  urlIn: {
    ...{ value: 2, unit: 'MB', source: 'D4 http, price', date: read },
    note: { en: '1 before 2024-03-06', zh: '2024-03-06 前为 1' },
  },
  urlOut: { value: 2, unit: 'MB', source: 'D4 http, price', date: read },
  callsPerSecond: { value: 1000, unit: '/s', source: 'D4 price', date: read },
  instanceKept: { value: 15, unit: 'min', source: 'D4 cf-functions', date: read },
  afterReturn: {
    ...{ value: 'frozen', source: 'D4 cf-functions', date: read },
    note: { en: 'what is left over may go on in a later call', zh: '未完成的部分可能在后来的调用中继续' },
  },
  timeZone: { value: 'UTC', source: 'D4 cf-functions', date: read },
  cronFields: { value: 7, unit: 'fields', source: 'D4 cf-functions', date: read },
  cronFieldsInConsole: { value: 6, unit: 'fields', source: 'D4 trigger', date: read },
  shortestPeriod: { value: 60, unit: 's', source: 'D4 trigger', date: read },
  timerRetries: { value: 3, source: 'D4 trigger', date: read },
  timerName: { value: 'TIMER_LATEST', source: 'D4 trigger', date: read },
  urlDomains: { value: 1, source: 'D5 http', date: '2025-10' },
  egress: {
    value: ['47.92.132.2', '47.92.152.34', '47.92.87.58', '47.92.207.183', '8.142.185.204'],
    ...{ source: 'D4 cf-functions; E1', date: read },
    note: { en: 'through uniCloud.httpProxyForEip alone', zh: '仅经 uniCloud.httpProxyForEip' },
  },
  databaseTimeout: { value: 5, unit: 's', source: 'D4 price', date: read },
  readMost: { value: 1000, source: 'D4 cf-database', date: read },
  collections: {
    value: 100,
    source: 'D4 price',
    date: read,
    note: { en: 'to 300 on request', zh: '可申请至 300' },
  },
  indexesPerSpace: {
    ...{ value: 400, source: 'D4 price', date: read },
    note: { en: 'to 1000 on request', zh: '可申请至 1000' },
  },
  sparseIndexes: { value: true, source: 'D4 db-index', date: read },
  indexTypes: { value: false, source: 'D4 db-index', date: read },
  makesCollections: { value: true, source: 'D4 cf-database', date: read },
  idLikeTexts: { value: 'lower-cased ids', source: 'D4 price', date: read },
  isoTextsBecomeDates: { value: true, source: 'D4 known-issue', date: read },
  wholeObjectConditions: { value: false, source: 'D4 cf-database', date: read },
}
