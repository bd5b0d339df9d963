import type { Figure } from './figure.js'

/** Alibaba Function Compute, both versions unless said otherwise. */
export const functionCompute = {
  runtimes: {
    value: ['nodejs12', 'nodejs14', 'nodejs16', 'nodejs18', 'nodejs20'],
    ...{ source: 'A runtime-overview; F3', date: '2026-09' },
    note: { en: 'no nodejs22: a custom runtime', zh: '没有 nodejs22：须用自定义运行时' },
  },
  functionsPerService: {
    ...{ value: 50, source: 'A limits of 2.0', date: 'undated' },
    note: { en: '2.0; 3.0 has no services', zh: '2.0；3.0 没有服务' },
  },
  memory: { value: [128, 32768], unit: 'MB', source: 'F3', date: '2026-05-28' },
  timeout: { value: [1, 86400], unit: 's', source: 'F3', date: '2026-05-28' },
  instanceConcurrency: { value: [1, 200], source: 'F3', date: '2026-05-28' },
  body: { value: 32, unit: 'MB', source: 'A', date: '2025-08' },
  bodyAsync: { value: 128, unit: 'KB', source: 'A', date: '2025-08' },
  headers: {
    ...{ value: 8, unit: 'KB', source: 'A', date: '2025-08' },
    note: { en: 'stated for custom runtimes', zh: '就自定义运行时而言' },
  },
  environment: { value: 4, unit: 'KB', source: 'A', date: 'undated' },
  codeByApi: { value: 100, unit: 'MB', source: 'A', date: 'undated' },
  codeByOss: { value: 500, unit: 'MB', source: 'A', date: 'undated' },
  logTail: { value: 4, unit: 'KB', source: 'A InvokeFunction', date: 'undated' },
  asyncRetries: {
    ...{ value: 3, source: 'F3', date: '2026-05-28' },
    note: { en: 'unless set, 0 to 8', zh: '可设为 0 至 8' },
  },
  instances: {
    ...{ value: 100, source: 'A', date: '2025-12-09' },
    note: { en: 'an account and region; 300 before', zh: '每账号每地域；此前为 300' },
  },
  timeZone: {
    ...{ value: 'UTC', source: 'A time-triggers', date: '2026-03-19' },
    note: { en: 'timers too, unless CRON_TZ says otherwise', zh: '定时器亦然，CRON_TZ 另行指定的除外' },
  },
  cronFields: { value: 6, unit: 'fields', source: 'A time-triggers', date: '2026-03-19' },
} as const satisfies Readonly<Record<string, Figure<unknown>>>
