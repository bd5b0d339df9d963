import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { systemClock } from '../../../shared/clock.js'
import { distOf, ECHO, plain } from './localCloud.js'

/** In a process of its own: the test runner would take every uncaught error for its own. */

const cloudModule = new URL('../../../tools/emulator/cloud/index.ts', import.meta.url).href

async function cloudProcess(dist: string) {
  const script = `
    import { startLocalCloud } from ${JSON.stringify(cloudModule)}
    const { url } = await startLocalCloud({ dist: ${JSON.stringify(dist)}, env: {} })
    console.log('listening ' + url)
    process.on('message', () => setTimeout(() => { throw new Error('of the local cloud itself') }))`
  const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '..', '..', '..'),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines: string[] = []
  const url = await new Promise<string>((resolve) => {
    if (!child.stdout) throw new Error('no output')
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      if (line.startsWith('listening ')) resolve(line.slice('listening '.length))
    })
  })
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { child, lines, url, exit }
}

t.test('a function that fails after its answer takes nobody with it', async (t) => {
  const after = (what: string) => ({
    code: `exports.main = async () => { ${what}; return 'answered' }; exports.handler = async () => 0`,
  })
  const dist = distOf(t, {
    echo: ECHO,
    throws: after("setTimeout(() => { throw new Error('late throw') })"),
    rejects: after("Promise.reject(new Error('late rejection'))"),
    emits: after("setImmediate(() => new (require('node:events'))().emit('error', new Error('late event')))"),
  })
  const { child, lines, url, exit } = await cloudProcess(dist)
  t.teardown(() => child.kill())
  for (const name of ['throws', 'rejects', 'emits']) {
    t.match(await plain(`${url}/http/${name}`), { status: 200, text: 'answered' })
  }
  t.match(await plain(`${url}/http/echo`), { status: 200 })
  const seen = (text: string) => lines.some((line) => line.includes(text))
  for (const text of ['throws', 'rejects', 'emits'].map(
    (name) => `${name} failed outside of a call: Error: late`,
  )) {
    while (!seen(text)) await systemClock.sleep(5)
  }
  child.send('fail')
  t.equal(await exit, 1, 'an error of its own still ends the process')
})
