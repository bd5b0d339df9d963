import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Test } from 'tap'

const root = resolve(import.meta.dirname, '..', '..')

/** A clone with a serverless.yml of its own, in which `npx serverless` is run as people run it. */
export interface Clone {
  folder: string
  write(path: string, text: string): void
  read(path: string): string
  /** `sls('deploy', '--stage', 'prod')`. */
  sls(...args: string[]): Promise<Ran>
  /** The shell's environment besides what every program needs. */
  env: Record<string, string>
  /** All that was ever printed. */
  heard: string[]
}

interface Ran {
  code: number | null
  out: string
  err: string
}

export interface CloneOptions {
  /** Without any network, and without a way to one. */
  offline?: boolean
  /** Kills the process when its standard error says this. */
  killAt?: RegExp
}

export function clone(t: Test, options: CloneOptions = {}): Clone {
  const folder = mkdtempSync(join(tmpdir(), 'clone-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['node_modules', 'tools', 'shared']) symlinkSync(join(root, name), join(folder, name))
  for (const name of ['package.json', 'serverless.yml']) cpSync(join(root, name), join(folder, name))
  const made: Clone = {
    ...{ folder, env: {}, heard: [] },
    write: (path, text) => writeFileSync(join(folder, path), text),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    sls: (...args) => run(made, args, options),
  }
  return made
}

/** The functions that `npm run build` made. */
export const builtFunctions = join(root, 'dist')

/** A network namespace of its own, where this machine lets one have it; the proxies lead nowhere in any case. */
const canUnshare = spawnSync('unshare', ['-rn', 'true']).status === 0
const NOWHERE = 'http://127.0.0.1:9'

function run({ folder, env, heard }: Clone, args: string[], { offline, killAt }: CloneOptions): Promise<Ran> {
  const command = [process.execPath, join(folder, 'node_modules/serverless/bin/serverless.js'), ...args]
  const [program = '', ...rest] = offline && canUnshare ? ['unshare', '-rn', ...command] : command
  const child = spawn(program, rest, {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, HOME: join(folder, 'home'), NO_COLOR: '1' },
      ...{ SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
      ...(offline
        ? { HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, http_proxy: NOWHERE, https_proxy: NOWHERE }
        : {}),
      ...env,
    },
  })
  const ran = { out: '', err: '' }
  child.stdout.on('data', (bytes) => {
    ran.out += bytes
  })
  child.stderr.on('data', (bytes) => {
    ran.err += bytes
    if (killAt?.test(ran.err)) child.kill('SIGKILL')
  })
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('close', (code) => {
      heard.push(ran.out, ran.err)
      done({ code, ...ran })
    })
  })
}
