import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type OrderInfo, startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { blockNamed } from '../docs/blocks.js'
import { lockedFolder } from '../support/lockedFolder.js'
import { bare, type OtherNode, onNode } from '../support/nodes.js'
import { called, createOpenapi, openEmbeddedStore } from './scenario.js'

/** The whole programs of docs/server.md, run by the frameworks themselves. */

const root = join(import.meta.dirname, '..', '..')
const platforms = await startLocalPlatforms({ provider: 'weixin-v3' })
t.teardown(() => platforms.close())
const packages = await lockedFolder(join(root, 'test', 'peers', 'frameworks')).catch((error: Error) => error)

if (packages instanceof Error) {
  const line = `the programs of docs/server.md did NOT run: ${packages.message}`
  console.error(line)
  if (process.env.REQUIRE_FRAMEWORKS === '1') t.fail(line)
  else t.pass(line, { skip: line })
} else {
  for (const name of ['express', 'fastify', 'nest']) {
    t.test(`${name}: the program of the docs sells tea`, (t) => sellTea(t, name, packages, true))
  }
  for (const name of ['koa', 'hono', 'http']) {
    t.test(`${name}: the program of the docs takes a payment`, (t) => sellTea(t, name, packages, false))
  }
  t.test('the other versions of Node that run servers', async (t) => {
    // Nest 12 and Hono's server begin with Node 20.
    const programs = { 18: 'express', 22: 'fastify', 24: 'nest' } as const
    for (const [version, name] of Object.entries(programs)) {
      await onNode(t, Number(version) as OtherNode, (t, node) => sellTea(t, name, packages, true, node))
    }
  })
  t.test('express.json() in front is named', (t) => misplacedParser(t, packages))
}

async function freePort(): Promise<number> {
  const server = http.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A folder in which a program finds the frameworks, and ours as a user has it. */
function folderOf(t: Test, packages: string): string {
  const folder = t.testdir({})
  cpSync(join(packages, 'package.json'), join(folder, 'package.json'))
  mkdirSync(join(folder, 'node_modules'))
  const { dependencies } = createRequire(join(folder, 'x.js'))('./package.json') as { dependencies: object }
  for (const name of [...Object.keys(dependencies), 'unicloud-openapi']) {
    const from = name === 'unicloud-openapi' ? root : join(packages, 'node_modules', name)
    if (name.includes('/'))
      mkdirSync(join(folder, 'node_modules', name.split('/')[0] ?? ''), { recursive: true })
    symlinkSync(from, join(folder, 'node_modules', name))
  }
  return folder
}

async function reached(url: string, program: ChildProcess): Promise<void> {
  for (let i = 0; i < 600 && program.exitCode === null; i++) {
    const isThere = await fetch(`${url}/openapi/nothing`, { method: 'POST' }).then(
      () => true,
      () => false,
    )
    if (isThere) return
    await sleep(50)
  }
  throw new Error('the program does not listen')
}

async function sellTea(
  t: Test,
  name: string,
  packages: string,
  hasBuy: boolean,
  node: string = process.execPath,
): Promise<void> {
  const folder = folderOf(t, packages)
  writeFileSync(join(folder, 'server.mjs'), blockNamed('docs/server.md', name))
  t.equal(blockNamed('docs/server.zh-CN.md', name), blockNamed('docs/server.md', name))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const settings = {
    ...platforms.settings('weixin-v3'),
    ...{ PAYMENT_PROVIDER: 'weixin-v3', NOTIFY_BASE_URL: `${url}/openapi`, CLIENT_HTTP: 'on' },
    EVENT_TARGET: 'function:onPayment',
  }
  const [command, words] = bare(node, 'server.mjs')
  const env = { ...process.env, ...settings, PORT: String(port) }
  const program = spawn(command, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  program.stdout?.on('data', (data) => {
    printed += data
  })
  t.teardown(() => program.kill('SIGKILL'))
  await reached(url, program)

  const store = await openEmbeddedStore(join(folder, '.data'))
  const beside = createOpenapi({ store, settings, log: () => undefined })
  const login = await called(`${url}/openapi/authCode2Session`, {
    code: platforms.login('alice'),
    platform: 'weixin',
  })
  t.match(login, { errCode: 0 })
  const outTradeNo = `D${port}${name}`
  const made = hasBuy
    ? await called(`${url}/buy`, { goods: 'tea' })
    : { ...(await beside.createOrder({ outTradeNo, totalFee: 1999, body: 'tea' })), outTradeNo }
  t.match(made, { errCode: 0, payToken: String })
  const order = {
    outTradeNo: String(made.outTradeNo),
    payToken: made.payToken,
    sessionToken: login.sessionToken,
  }
  const info = await called(`${url}/openapi/getOrderInfo`, order)
  t.match(info, { errCode: 0 })
  t.match(await called(`${url}/openapi/refund`, order), { errCode: 'FORBIDDEN' })
  await platforms.requestPayment(info.orderInfo as OrderInfo)
  await platforms.tick()
  t.match(await store.orders.findByOutTradeNo(order.outTradeNo), [{ state: 'PAID', totalFee: 1999 }])
  await beside.close()
  await store.close()
  if (name === 'express') t.match(printed, `payment.paid ${order.outTradeNo}`)

  const ended = once(program, 'exit')
  program.kill('SIGTERM')
  const [code, signal] = await ended
  t.ok(code === 0 || signal === 'SIGTERM', `it ends by itself: ${code} ${signal}`)
}

async function misplacedParser(t: Test, packages: string): Promise<void> {
  const express = createRequire(join(packages, 'x.js'))('express')
  const store = await openEmbeddedStore()
  const lines: string[] = []
  const settings = platforms.settings('weixin-v3')
  const openapi = createOpenapi({ store, settings, basePath: '/openapi', log: (line) => lines.push(line) })
  const app = express()
  app.use(express.json())
  app.use('/openapi', openapi.handler)
  const server: http.Server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await fetch(
    `http://127.0.0.1:${port}/openapi/verifyPaymentNotify/weixin-v3/${platforms.merchant.mchId}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'wechatpay-serial': 'X', 'wechatpay-signature': 'Y' },
      body: '{"id":"1"}',
    },
  )
  t.ok(answer.status >= 400)
  t.match(lines.join('\n'), /body parsed.*express\.raw/s)
  server.closeAllConnections()
  server.close()
  await openapi.close()
  await store.close()
}
