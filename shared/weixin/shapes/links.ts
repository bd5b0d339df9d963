import { invalidParam } from '../../errors/index.js'
import { choice, flag, integer, optional, text } from '../../operation/fields.js'
import type { Context, ErrorMeanings } from '../../operation/index.js'
import { type Rule, requiredWhen } from '../../operation/rules.js'
import { codeVersions, unixSeconds } from './inputs.js'

/** What URL schemes and URL links share: a target in the mini program, and an end. */

export const target = {
  path: optional(
    text({
      min: 0,
      max: 1024,
      pattern: /^[^?]*$/,
      like: 'a published page without query, or nothing for the home page',
    }),
  ),
  query: optional(
    text({
      min: 0,
      max: 1024,
      pattern: /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]*$/,
      like: "a query of at most 1024 characters of A-Z a-z 0-9 !#$&'()*+,/:;=?@-._~%",
    }),
  ),
}

export const envVersion = optional(choice(codeVersions))

export const expiry = {
  isExpire: optional(flag('a link that ends')),
  expireType: optional(choice([0, 1], '0 ends at expireTime, 1 after expireInterval days')),
  expireTime: optional(unixSeconds),
  expireInterval: optional(integer(1, 30, 'a number of days from 1 to 30')),
}

interface Expiry {
  isExpire?: boolean | undefined
  expireType?: 0 | 1 | undefined
  expireTime?: number | undefined
  expireInterval?: number | undefined
}

export const expiryRules: readonly Rule<Expiry>[] = [
  requiredWhen<Expiry>(
    'expireInterval',
    ({ isExpire, expireType }) => isExpire === true && expireType === 1,
    'when expireType is 1: the number of days',
  ),
  requiredWhen<Expiry>(
    'expireTime',
    ({ isExpire, expireType }) => isExpire === true && expireType !== 1,
    'when expireType is 0 or left out: the end in seconds since 1970',
  ),
]

const MINUTE = 60
const LONGEST = 30 * 24 * 3600

/** WeChat answers 85401 to an end that is less than a minute or more than 30 days ahead. */
export function endIsNear({ expireTime }: Expiry, { clock }: Context): void {
  if (expireTime === undefined) return
  const ahead = expireTime - Math.floor(clock.now() / 1000)
  if (ahead > MINUTE && ahead <= LONGEST) return
  throw invalidParam(
    'expireTime',
    'expected seconds since 1970, more than a minute and at most 30 days ahead',
  )
}

/** Codes that mean something else elsewhere. */
export const linkErrors: ErrorMeanings = {
  40002: { en: 'the application may not make links', zh: '没有生成权限', advice: 'fix the settings' },
  40013: { en: 'the right to make links is banned', zh: '生成权限被封禁', advice: 'contact the provider' },
}
