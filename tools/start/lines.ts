import { printable } from '../command/index.js'

/** What functions and platforms log, as a person at a terminal reads it; for programs it stays JSON, one object a line. */

type Fields = Readonly<Record<string, unknown>>

/** How lines are to be shown on that stream. */
export const linesFor = ({ isTTY }: { isTTY?: boolean | undefined }): ((line: string) => string) =>
  isTTY === true ? readable : (line) => line

/** A function's log line in words; any other line as it is. */
const readable = (line: string): string => inWords(line).split('\n').map(printable).join('\n')

function inWords(line: string): string {
  const fields = objectIn(line)
  if (!fields || typeof fields.fn !== 'string') return fields ? pairsOf(fields) : line
  const { at, fn, source, ms, errCode, error, upstream, notes } = fields
  const outcome = errCode === 0 ? 'ok' : String(error ?? errCode)
  const asked = objectsIn(upstream).map(({ api, ms: took, code }) =>
    code === 0 ? `${api} ${took} ms` : `${api} ${took} ms, answered ${code}`,
  )
  const remarks = objectsIn(notes).map(({ event, ...more }) => `\n    ${event}: ${pairsOf(more)}`)
  return [
    `${timeOf(at)} ${fn} (${source}, ${ms} ms): ${outcome}`,
    ...(asked.length > 0 ? [`\n    asked ${asked.join('; ')}`] : []),
    ...remarks,
  ].join('')
}

function objectIn(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Fields
  } catch {
    return undefined
  }
}

const objectsIn = (value: unknown): Fields[] => (Array.isArray(value) ? value : [])

/** Hours, minutes and seconds of this machine's day. */
const timeOf = (at: unknown): string => new Date(String(at)).toTimeString().slice(0, 8)

/** `provider weixin-v3, verdict first`; what lies deeper by its path. */
const pairsOf = (fields: object, before = ''): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => {
      if (typeof value === 'object') return pairsOf(value, `${before}${name}.`)
      return `${before}${name} ${value}`
    })
    .filter(Boolean)
    .join(', ')
