/** Made from `tools/clouds/`, which has sources and dates, by `npm run generate`; do not edit. */

/** Seconds that the client library waits for an answer. */
export const CLIENT_SECONDS = 60

/** Editions of uniCloud that cut a client off sooner, and after how many seconds. */
export const SOONER_CUT_OFF: ReadonlyMap<string, number> = new Map([['tencent', 30]])

/** Editions whose database takes a text of 24 hexadecimal or decimal digits for an id of its own, and may change it. */
export const IDS_OF_TEXTS: ReadonlySet<string> = new Set(['aliyun', 'tencent'])
