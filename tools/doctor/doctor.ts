import { type Clock, type Random, systemClock, systemRandom } from '../../shared/clock.js'
import {
  environmentSource,
  type SettingInfo,
  type SettingName,
  Settings,
  settingInfo,
} from '../../shared/config/index.js'
import { OpenapiError } from '../../shared/errors/index.js'
import { type Http, http } from '../../shared/http/http.js'
import type { Context } from '../../shared/operation/index.js'
import { NoAnswer } from './skipped.js'

/** A name that was given as a setting and is none. */
export interface UnknownName {
  name: string
  /** Which setting it may have been meant for. */
  near?: string
}

export interface DoctorOptions {
  settings: Readonly<Partial<Record<string, string>>>
  unknownNames?: readonly UnknownName[]
  clock?: Clock
  random?: Random
  /** Nothing leaves this machine. */
  offline?: boolean
}

/** What checks look at, and what they may use. */
export interface Doctor {
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
  /** A context for the code of the functions; its time limit runs from now on. */
  operationContext(): Context
  /** Does something once, whichever check asks for it first. */
  once<T>(what: string, work: () => Promise<T>): Promise<T>
  /** Registers something that {@link close} closes. */
  closing(close: () => Promise<void>): void
  close(): Promise<void>
}

/** For one request, and for all that one check asks of shared code. Milliseconds. */
export const PATIENCE_MS = 5000

const everyName = new Set(Object.keys(settingInfo) as SettingName[])

export const settingsFrom = (values: DoctorOptions['settings']): Settings =>
  new Settings([environmentSource({ ...values })], everyName)

export function openDoctor(options: DoctorOptions): Doctor {
  const { settings: values, unknownNames = [], offline = false } = options
  const { clock = systemClock, random = systemRandom } = options
  const settings = settingsFrom(values)
  const done = new Map<string, Promise<unknown>>()
  const closers: (() => Promise<void>)[] = []
  const means = { settings, clock, random, http: patient }
  return {
    ...{ values, settings, unknownNames, offline, clock, random, http: patient },
    secrets: secretTexts(values),
    operationContext: () => contextWith(means),
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

function contextWith(means: Pick<Doctor, 'settings' | 'clock' | 'random' | 'http'>): Context {
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

/** Names inside JSON settings whose values are no secrets, and are what findings speak of. */
const OPEN = new Set(['appId', 'mchId', 'kind', 'signType', 'serialNo', 'id', 'sellerId'])

/** Shorter texts are not masked: they would match half of every sentence. */
const LEAST = 6

/**
 * Every text that must not be shown: settings that are secret, texts inside those that are JSON, and the password in
 * an address.
 */
export function secretTexts(values: Readonly<Partial<Record<string, string>>>): string[] {
  const found = Object.entries(settingInfo as Record<string, SettingInfo>).flatMap(([name, { secret }]) => {
    const value = values[name]?.trim()
    return secret && value ? [value, ...within(value)] : []
  })
  return [...new Set(found)].filter(({ length }) => length >= LEAST).sort((a, b) => b.length - a.length)
}

function within(value: string): string[] {
  const password = /^\w+(?:\+srv)?:\/\/[^:/@]*:([^@/]*)@/.exec(value)?.[1]
  if (password !== undefined) return [password, decoded(password)]
  try {
    return textsIn(JSON.parse(value), '')
  } catch {
    return []
  }
}

function textsIn(value: unknown, key: string): string[] {
  if (typeof value === 'string') return OPEN.has(key) ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, Array.isArray(value) ? key : name))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
