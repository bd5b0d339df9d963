import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** Where one of several local platforms is, and the numbers under which its applications and merchants are known. */
export interface Branch {
  url: string
  owns: readonly string[]
}

/** How a request says for whom it is: an application, a merchant, or a token that was handed out before. */
const NAMED: readonly RegExp[] = [
  /\bmchid="(\d+)"/,
  /[?&]access_token=([\w-]+)/,
  /[?&]appid=(\w+)/,
  /\bapp_id=(\d{16})/,
  /"appid":"(\w+)"/,
  /<appid>(?:<!\[CDATA\[)?(\w+)/,
]

/**
 * One address for several local platforms, as the real ones have: sends every request to those of the application, merchant or
 * access token that it names. It mends nothing: a request that is signed or sealed for another is refused over there.
 */
export async function openJunction(t: Test, branches: readonly Branch[]): Promise<string> {
  const owners = new Map(branches.flatMap(({ url, owns }) => owns.map((name) => [name, url] as const)))
  const server = createServer((incoming, outgoing) => {
    pass(owners, incoming, outgoing).catch((error) => outgoing.destroy(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function pass(
  owners: Map<string, string>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await bytesOf(incoming)
  const said = `${incoming.headers.authorization ?? ''}\n${incoming.url}\n${body}`
  const name = NAMED.map((pattern) => pattern.exec(said)?.[1]).find((found) => found !== undefined)
  const url = owners.get(name ?? '')
  if (url === undefined) return void outgoing.writeHead(404).end('nobody here')
  const { method = 'GET', headers } = incoming
  const onward = request(new URL(incoming.url ?? '/', url), { method, headers })
  onward.end(body)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    onward.on('response', resolve).on('error', reject)
  })
  const answered = await bytesOf(answer)
  const token = /"access_token":"([^"]+)"/.exec(answered.toString())?.[1]
  if (token !== undefined) owners.set(token, url)
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(answered)
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
