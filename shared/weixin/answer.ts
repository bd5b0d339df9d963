import type * as v from 'valibot'
import { type ErrorDetails, type OpenapiError, openapiError, UPSTREAM_INVALID } from '../errors/index.js'
import { answerCutShort, type HttpAnswer, pageText } from '../http/http.js'
import { readJson } from '../json.js'
import { asDeclared, fromWire } from './json.js'

/** The outcome that every JSON answer of WeChat has in it. */
export interface WeixinStatus {
  errcode?: number
  errmsg?: string
}

/** How to read an answer: the kinds differ in what counts as a success, see {@link readAnswer}. */
export interface AnswerKind<Output> {
  readonly kind: 'json' | 'image' | 'media'
  /** Describes the fields for types and docs. Answers are not refused for what WeChat adds or leaves out. */
  readonly fields?: v.GenericSchema
  /** Wire names whose content is the user's own and keeps its keys; or all of it. */
  readonly open?: readonly string[] | 'all'
  readonly type?: Output
}

export interface Bytes {
  contentType: string
  buffer: Buffer
}

/** A JSON answer with these fields, renamed to camelCase. */
export const json = <const Fields extends v.GenericSchema>(
  fields: Fields,
  open: readonly string[] = [],
): AnswerKind<v.InferOutput<Fields>> => ({ kind: 'json', fields, open })

/** Bytes, or a JSON success with these fields. */
export const media = <const Fields extends v.GenericSchema>(
  fields: Fields,
): AnswerKind<Bytes | v.InferOutput<Fields>> => ({ kind: 'media', fields })

/** Bytes, or JSON under WeChat's own names: for calls that have no declaration here. */
export const untouched: AnswerKind<Bytes | Record<string, unknown>> = { kind: 'media', open: 'all' }

/** A picture: anything that is not JSON. A JSON answer is WeChat's error. */
export const image: AnswerKind<Bytes> = { kind: 'image' }

/** An answer that has been read; it may still be an error. */
export interface ReadAnswer {
  status: WeixinStatus
  /** What there is beside `errcode` and `errmsg`. */
  value: unknown
}

/**
 * Reads an answer, errors included. WeChat sends errors with HTTP 200, and JSON as `text/plain` on some paths: the
 * first byte decides as well as the header. Message ids exceed 2^53, so numbers that a double cannot hold stay texts.
 */
export async function readAnswer(answer: HttpAnswer, kind: AnswerKind<unknown>): Promise<ReadAnswer> {
  if (answer.status !== 200) throw invalidAnswer(`HTTP ${answer.status}`, { words: pageText(answer) })
  const contentType = answer.headers['content-type'] ?? ''
  if (kind.kind !== 'json' && !looksLikeJson(contentType, answer.body)) {
    if (answer.body.length === 0 || /^text\//i.test(contentType))
      throw invalidAnswer('neither a file nor JSON')
    if (isCutPicture(answer.body)) throw answerCutShort('WeChat')
    return { status: {}, value: { contentType, buffer: answer.body } satisfies Bytes }
  }
  // The underscored ones are API security's own.
  const { errcode, errmsg, _n, _appid, _timestamp, ...rest } = parseJson(answer.body)
  const status = { errcode: Number(errcode ?? 0), errmsg: String(errmsg ?? '') }
  if (kind.kind === 'image' && !status.errcode) throw invalidAnswer('JSON in place of a picture')
  const value = fromWire(rest, kind.open)
  return { status, value: kind.fields ? asDeclared(kind.fields, value) : value }
}

function looksLikeJson(contentType: string, body: Buffer): boolean {
  return (
    /^(application\/json|text\/plain)/i.test(contentType) ||
    /^\s*\{/.test(body.subarray(0, 64).toString('latin1'))
  )
}

function parseJson(body: Buffer): Record<string, unknown> {
  const text = body.toString('utf8')
  try {
    const parsed = readJson(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch (cause) {
    throw invalidAnswer('a body that is not JSON', { cause })
  }
  throw invalidAnswer('JSON that is not an object')
}

/** Something came back that WeChat cannot have sent as its answer: whether it acted is not known. */
export const invalidAnswer = (what: string, details: ErrorDetails = {}): OpenapiError =>
  openapiError(UPSTREAM_INVALID, { platform: 'WeChat', what }, details)

/** How a picture of a kind begins, and whether these bytes, which begin so, have its end in them. */
type PictureKind = readonly [begin: Buffer, hasEnd: (bytes: Buffer) => boolean]

const START_OF_SCAN = Buffer.from('ffda', 'hex')
const END_OF_IMAGE = Buffer.from('ffd9', 'hex')
/** The last chunk, which is empty, with its checksum. */
const IEND = Buffer.from('49454e44ae426082', 'hex')
const TRAILER = 0x3b

const kinds: readonly PictureKind[] = [
  // A picture that stands inside, in small, has an end of its own: only one behind the last scan counts.
  [Buffer.from('ffd8', 'hex'), (jpeg) => jpeg.lastIndexOf(END_OF_IMAGE) > jpeg.lastIndexOf(START_OF_SCAN)],
  [Buffer.from('89504e47', 'hex'), (png) => png.includes(IEND)],
  [
    Buffer.from('GIF8'),
    (gif) => gif.findLast((byte) => byte !== 0 && byte !== 0x0a && byte !== 0x0d) === TRAILER,
  ],
]

/**
 * Whether these are the first bytes of a JPEG, a PNG or a GIF that came without its end: where neither a length nor
 * anything else says so, only the picture itself does. Bytes behind the end do no harm; other files have no end to look for.
 */
function isCutPicture(bytes: Buffer): boolean {
  const kind = kinds.find(([begin]) => {
    const length = Math.min(begin.length, bytes.length)
    return bytes.subarray(0, length).equals(begin.subarray(0, length))
  })
  return kind !== undefined && (bytes.length < kind[0].length || !kind[1](bytes))
}
