/**
 * What an Alibaba space of uniCloud takes, in one place because it changes: doc.dcloud.net.cn/uniCloud/cf-functions.html
 * (size, memory, runtime), price.html (number of functions), trigger.html (timers).
 */
export const SPACE = {
  functions: 48,
  /** Characters of a function's name (help.aliyun.com/document_detail/456964.html). */
  nameLength: 30,
  functionBytes: 10 * 1024 * 1024,
  /** MB, the only ones there are. */
  memorySizes: [128, 256, 512, 1024, 2048],
  /** Seconds. Newer pages say 120; a client is cut off after 60 in any case. */
  timeout: 60,
  /** Seconds. A run that exceeds its limit is started three times more, so DCloud advises the longest for all timers. */
  timerTimeout: 600,
  /** Chosen when a function is first uploaded; another one means deleting it there. Node 20 is `Nodejs20`. */
  runtime: 'Nodejs18',
} as const

/** What was asked for cannot be built. The message is for whoever runs the build, who needs no stack. */
export class Refusal extends Error {
  override name = 'Refusal'
}
