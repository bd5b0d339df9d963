import { createHash } from 'node:crypto'
import type { LocalApp, LocalMerchant } from './contract.js'

/** Of fixed words, with the prefix they always had: settings that somebody wrote down keep working. They open nothing else. */
const hex = (words: string, length: number): string =>
  createHash('sha256').update(`twin ${words}`).digest('hex').slice(0, length)

export const localApp: LocalApp = {
  appId: `wx${hex('mini program', 16)}`,
  secret: hex('mini program secret', 32),
  openAppId: `wx${hex('mobile app', 16)}`,
}

export const localMerchant: LocalMerchant = {
  mchId: '1900000109',
  key: hex('merchant key', 32),
  v3Key: hex('api v3 key', 32),
}

/** Of a certificate: 40 upper-case hex digits, the first of them such that the number is positive. */
export const serialNoOf = (words: string): string => `5${hex(words, 39).toUpperCase()}`
