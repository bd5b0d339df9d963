import type * as v from 'valibot'
import { sha256Hex } from '../crypto/digest.js'
import { asDeclared, fromWire } from '../weixin/json.js'
import { kindOf, type PushKind } from './kinds.js'
import type { Fields } from './read.js'

/** A push as callers know it: names in camelCase, times in seconds, and whatever else its kind has. */
export interface PushedMessage {
  toUserName: string
  /** The openid of whoever writes; for many events an account of WeChat's. */
  fromUserName: string
  /** Seconds since the epoch. */
  createTime: number
  /** `event`, or what a user has written: `text`, `image`, `miniprogrampage`. */
  msgType: string
  event?: string
  [field: string]: unknown
}

/** A push that has been parsed. */
export interface ParsedMessage {
  kind: PushKind
  message: PushedMessage
  /** Hex. The same for every copy of one push, and for nothing else that its application is sent. */
  identity: string
}

/** Gives a push the one shape that its JSON and its XML have in common. */
export function parseMessage(fields: Fields): ParsedMessage {
  const named = lowered(fromWire(fields)) as Record<string, unknown>
  const msgType = String(named.msgType ?? '')
  const event = msgType === 'event' ? String(named.event ?? '') : undefined
  const kind = kindOf(msgType, event)
  const flat = unwrapped(named, kind.wrapper)
  const message: PushedMessage = {
    ...(asDeclared(kind.fields, listed(kind.fields, flat)) as object),
    toUserName: String(named.toUserName ?? ''),
    fromUserName: String(named.fromUserName ?? ''),
    createTime: Number(named.createTime ?? 0),
    msgType,
    ...(event === undefined ? {} : { event }),
  }
  return { kind, message, identity: identityOf(kind, message) }
}

function identityOf({ identity }: PushKind, message: PushedMessage): string {
  const about = message.event ?? 'message'
  const values = identity.map((name) => message[name])
  // A push without the fields that identify its kind is identified by all of its fields, so that it is not taken for
  // another one.
  const isKnown = values.length > 0 && values.every((value) => value !== undefined && value !== '')
  return identityFrom(about, isKnown ? values : [sorted(message)])
}

const sorted = (message: PushedMessage): [string, unknown][] =>
  Object.entries(message).sort(([one], [other]) => (one < other ? -1 : 1))

/** WeChat writes names in three ways: what `fromWire` leaves are the capitals of `ToUserName` and `MsgID`. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [lowerFirst(key), lowered(inner)]))
}

const lowerFirst = (key: string): string =>
  key.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase()).replace(/ID$/, 'Id')

function unwrapped(fields: Record<string, unknown>, wrapper: string | undefined): Record<string, unknown> {
  if (wrapper === undefined) return fields
  const { [wrapper]: inner, ...rest } = fields
  return typeof inner === 'object' && inner !== null ? { ...rest, ...inner } : rest
}

type Shape = v.GenericSchema & {
  wrapped?: v.GenericSchema
  item?: v.GenericSchema
  entries?: Record<string, v.GenericSchema>
}

/** Makes lists of what is declared as one: in XML, and in some of WeChat's JSON, a list of one is its only item. */
function listed(schema: v.GenericSchema, value: unknown): unknown {
  const { wrapped, item, entries } = schema as Shape
  if (wrapped) return listed(wrapped, value)
  if (item) return asList(value).map((each) => listed(item, each))
  if (!entries || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const field = Object.hasOwn(entries, key) ? entries[key] : undefined
      return [key, field ? listed(field, inner) : inner]
    }),
  )
}

function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === '' ? [] : [value]
}

/** Hex. The same for every copy of the push that `about` and these values of its own fields describe. */
export const identityFrom = (about: string, values: readonly unknown[]): string =>
  sha256Hex(JSON.stringify([about, ...values]))

/** Under which the notice of a push to that application is kept. */
export const noticeId = (appId: string, identity: string): string => `weixin:${appId}:message:${identity}`
