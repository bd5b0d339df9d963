import { type Clock, type Random, systemClock, systemRandom } from '../../shared/clock.js'
import { environmentSource, type SettingName, Settings, settingInfo } from '../../shared/config/index.js'
import { OpenapiError } from '../../shared/errors/index.js'
import { type Http, http } from '../../shared/http/http.js'
import type { Context } from '../../shared/operation/index.js'
import { NoAnswer } from './hindrance.js'
import { secretTexts } from './secrets.js'

/** A name that somebody meant as a setting. */
export interface UnknownName {
  name: string
  /** Which setting it may have been meant for. */
  near?: string
}

export interface WorldOptions {
  settings: Readonly<Partial<Record<string, string>>>
  unknownNames?: readonly UnknownName[]
  clock?: Clock
  random?: Random
  /** Nothing leaves this machine. */
  offline?: boolean
}

/** What checks look at, and how they reach out. */
export interface World {
  /** The settings by name, as they were written. */
  readonly values: Readonly<Partial<Record<string, string>>>
  /** All of them, with every name declared. */
  readonly settings: Settings
  readonly unknownNames: readonly UnknownName[]
  readonly secrets: readonly string[]
  readonly offline: boolean
  readonly clock: Clock
  readonly random: Random
  /** At most {@link PATIENCE_MS} a request; rejects with {@link NoAnswer}. */
  readonly http: Http
  /** For code that functions use as well; its time runs from now on. */
  context(): Context
  /** Does something once, whichever check asks for it first. */
  once<T>(what: string, work: () => Promise<T>): Promise<T>
  /** Has something closed with the world. */
  closing(close: () => Promise<void>): void
  close(): Promise<void>
}

/** For one request, and for all that one check asks of shared code. Milliseconds. */
export const PATIENCE_MS = 5000

const everyName = new Set(Object.keys(settingInfo) as SettingName[])

export const settingsOver = (values: WorldOptions['settings']): Settings =>
  new Settings([environmentSource({ ...values })], everyName)

export function openWorld(options: WorldOptions): World {
  const { settings: values, unknownNames = [], offline = false } = options
  const { clock = systemClock, random = systemRandom } = options
  const settings = settingsOver(values)
  const done = new Map<string, Promise<unknown>>()
  const closers: (() => Promise<void>)[] = []
  const means = { settings, clock, random, http: patient }
  return {
    ...{ values, settings, unknownNames, offline, clock, random, http: patient },
    secrets: secretTexts(values),
    context: () => contextOver(means),
    once<T>(what: string, work: () => Promise<T>): Promise<T> {
      const known = done.get(what) ?? work()
      done.set(what, known)
      return known as Promise<T>
    },
    closing: (close) => void closers.push(close),
    close: async () => void (await Promise.allSettled(closers.map((close) => close()))),
  }
}

const patient: Http = {
  async request(request) {
    try {
      return await http.request({ ...request, timeoutMs: Math.min(request.timeoutMs, PATIENCE_MS) })
    } catch (error) {
      throw error instanceof OpenapiError ? new NoAnswer(new URL(request.url).host, error) : error
    }
  },
}

function contextOver(means: Pick<World, 'settings' | 'clock' | 'random' | 'http'>): Context {
  const end = means.clock.now() + PATIENCE_MS
  return {
    ...means,
    source: 'server',
    requestId: 'doctor',
    hasStore: false,
    store: () => Promise.reject(new Error('the doctor keeps nothing')),
    timeLeft: () => end - means.clock.now(),
    note: () => undefined,
    upstream: () => undefined,
  }
}
