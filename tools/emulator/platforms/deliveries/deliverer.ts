import http from 'node:http'
import https from 'node:https'
import type { Fault } from '../faults.js'

export interface NoticeMessage {
  headers: Record<string, string>
  body: Buffer
}

export interface NoticeAnswer {
  status: number
  body: string
}

/** An answer is a word or two; more than this is not read. */
const MAX_ANSWER_BYTES = 64 * 1024

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

export const isLoopback = (hostname: string): boolean => LOOPBACK.has(hostname)

/**
 * Posts one notice, follows no redirect, and rejects with a sentence when no answer came. Speaks to this machine
 * only: a made-up notice must never reach a real service whose address stands in somebody's example.
 */
export function post(
  url: string,
  noticeMessage: NoticeMessage,
  signal: AbortSignal,
  fault: Fault | undefined,
): Promise<NoticeAnswer> {
  const target = new URL(url)
  if (!isLoopback(target.hostname)) {
    return Promise.reject(
      new Error(`${target.hostname} is not this machine; the local platforms notify nobody else`),
    )
  }
  if (fault === 'dropped') return Promise.reject(new Error('dropped on the way'))
  const { body } = noticeMessage
  const sent = fault === 'truncated' ? body.subarray(0, body.length >> 1) : body
  const length = fault === 'timeout' ? body.length : sent.length
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? https : http).request(target, {
      method: 'POST',
      agent: false,
      headers: { ...noticeMessage.headers, 'content-length': String(length), connection: 'close' },
      signal,
    })
    const fail = (error: Error) => reject(signal.aborted ? new Error('no answer in time') : error)
    request.on('error', fail)
    request.on('response', (response) => {
      if (fault !== 'lost') return read(response).then(resolve, fail)
      reject(new Error('the answer was lost on the way'))
      return request.destroy()
    })
    if (fault === 'timeout') request.write(body.subarray(0, body.length >> 1))
    else request.end(sent)
  })
}

async function read(response: http.IncomingMessage): Promise<NoticeAnswer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_ANSWER_BYTES) throw new Error('the answer is too long')
    parts.push(part)
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }
}
