import { invalidSetting, type Settings } from '../../config/index.js'

/** What has an end, and after how many days. */
export interface KeepDays {
  /** Notices of payments and refunds with their bytes. */
  evidence: number
  /** Messages that WeChat pushed. */
  messages: number
  /** Delivered events. */
  events: number
  /** Messages that were refused. */
  refused: number
}

/**
 * A payment can be given back for a year, and who disputes it wants to see what told of it; a platform's bill can be had
 * for three months, and a notice may be replayed as long. Pushed messages hold what people wrote, and are with the
 * merchant once they are delivered. A receiver that lost events notices within a month; so does a person who looks for a
 * message that was refused.
 */
const DEFAULTS: KeepDays = { evidence: 400, messages: 30, events: 30, refused: 30 }

/** WeChat's bills reach three months back: what is compared with them, or replayed, is there as long. */
const LEAST: KeepDays = { evidence: 100, messages: 4, events: 4, refused: 1 }

const MOST: KeepDays = { evidence: 36_500, messages: 36_500, events: 36_500, refused: 30 }

/** KEEP_DAYS, `evidence=400,events=30`: what it does not name stays as it is by default. INVALID_SETTING. */
export function keepDays(settings: Settings): KeepDays {
  const days = { ...DEFAULTS }
  for (const part of (settings.get('KEEP_DAYS') ?? '').split(',')) {
    if (part.trim() === '') continue
    const [, name = '', digits = ''] = /^\s*([a-z]+)\s*=\s*(\d{1,5})\s*$/.exec(part) ?? []
    if (!isName(name))
      throw invalidSetting('KEEP_DAYS', `expected ${Object.keys(DEFAULTS).join(', ')}, each with = and days`)
    days[name] = Number(digits)
    if (days[name] < LEAST[name] || days[name] > MOST[name]) {
      throw invalidSetting(
        'KEEP_DAYS',
        `${name} has to be at least ${LEAST[name]} days, and at most ${MOST[name]}`,
      )
    }
  }
  return days
}

const isName = (name: string): name is keyof KeepDays => Object.hasOwn(DEFAULTS, name)
