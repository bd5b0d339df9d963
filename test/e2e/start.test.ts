import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { STORE_FILE } from '../../shared/store/embedded/open.js'
import { plain } from '../emulator/cloud/localCloud.js'
import { program } from '../support/program.js'

/** `npm start` in a folder of its own, on free ports. */

const root = join(import.meta.dirname, '..', '..')

function spawnStart(cwd: string, changes: Record<string, string> = {}) {
  const env = { ...process.env, PORT: '0', TWIN_PORT: '0', ...changes }
  const child = spawn(process.execPath, program('tools/start/main.ts'), { cwd, env })
  return { child, exit: new Promise<number | null>((resolve) => child.on('exit', resolve)) }
}

async function start(cwd: string) {
  const { child, exit } = spawnStart(cwd)
  const lines: string[] = []
  const commands = await new Promise<string[]>((resolve, reject) => {
    exit.then((code) => reject(new Error(`npm start ended with ${code}: ${lines.join('\n')}`)))
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      const found = lines.filter((each) => each.startsWith('  curl '))
      if (found.length === 4) resolve(found)
    })
  })
  return { child, exit, commands }
}

/** Does what the command says. */
function run(command: string) {
  const {
    url = '',
    type,
    body,
  } = /^ {2}curl (?:-X POST )?(?<url>\S+)(?: -H 'content-type: (?<type>[^']+)' -d '(?<body>[^']+)')?$/.exec(
    command,
  )?.groups ?? {}
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  return plain(url, { method: 'POST', headers, ...(body === undefined ? {} : { body }) })
}

t.test('the four commands it prints work, and Ctrl+C leaves nothing locked', async (t) => {
  const cwd = t.testdir({ dist: t.fixture('symlink', join(root, 'dist')) })
  for (const life of ['first', 'second']) {
    const { child, exit, commands } = await start(cwd)
    for (const command of commands) {
      const { status, text: answer } = await run(command)
      t.equal(status, 200, `${life}: ${command}`)
      t.match(JSON.parse(answer), { errCode: 0 })
    }
    child.kill('SIGINT')
    t.equal(await exit, 0)
  }
  t.ok(readdirSync(join(cwd, '.data')).includes(STORE_FILE))
})

t.test('a port that is taken is named', async (t) => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  t.teardown(() => taken.close())
  const cwd = t.testdir({ dist: t.fixture('symlink', join(root, 'dist')) })
  const { port } = taken.address() as AddressInfo
  const { child, exit } = spawnStart(cwd, { PORT: String(port) })
  const [error, code] = await Promise.all([text(child.stderr), exit])
  t.equal(code, 1)
  t.match(error, new RegExp(`^port ${port} is taken`))
  t.notMatch(error, /at .*\.ts/)
})
