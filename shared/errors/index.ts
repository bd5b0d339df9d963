export type { Advice, Bilingual, ErrorEntry, ErrorMeanings, Facts, Meaning } from './entry.js'
export * from './error.js'
export * from './table/index.js'
