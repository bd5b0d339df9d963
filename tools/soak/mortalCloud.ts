import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import type { MovedClock } from '../demo/day/movedClock.js'
import type { CloudReply, CloudRequest, CloudStart } from './cloudProcess.js'

/** A local cloud in a process of its own, which is killed at any moment and started again. */
export interface MortalCloud {
  readonly url: string
  /** How often it was killed. */
  readonly deaths: number
  /** As the merchant's own functions call. Rejects when the cloud dies meanwhile. */
  call(name: string, data: object): Promise<unknown>
  fire(name: string): Promise<unknown>
  /** Moves the cloud's clock, and that of everything around it. */
  move(ms: number): Promise<void>
  /** Cuts the embedded store off, or connects it again. */
  cut(isCut: boolean): Promise<void>
  /** SIGKILL, and a new process on the same port. */
  kill(): Promise<void>
  close(): Promise<void>
}

interface Options extends Omit<CloudStart, 'now'> {
  /** Node's arguments for `cloudProcess.ts`. */
  program: readonly string[]
  clock: MovedClock
  /** The file that gets what the cloud prints. */
  log: string
}

type Asked = CloudRequest extends infer Each ? (Each extends CloudRequest ? Omit<Each, 'id'> : never) : never

export async function startMortalCloud(options: Options): Promise<MortalCloud> {
  const { program, clock, log, ...settings } = options
  const waiting = new Map<number, { done(value: unknown): void; failed(error: Error): void }>()
  let [asked, deaths] = [0, 0]
  let child: ChildProcess | undefined

  const ask = (request: Asked): Promise<unknown> =>
    new Promise((done, failed) => {
      if (!child?.connected) return failed(new Error('the cloud is down'))
      asked += 1
      waiting.set(asked, { done, failed })
      // A process that is being killed takes no message, which its exit tells those who wait.
      child.send({ ...request, id: asked }, () => undefined)
    })
  const start = async () => {
    const file = openSync(log, 'a')
    const started = spawn(process.execPath, [...program], { stdio: ['ignore', file, file, 'ipc'] })
    closeSync(file)
    started.on('message', ({ id, result, error }: CloudReply) => {
      const { done, failed } = waiting.get(id) ?? {}
      waiting.delete(id)
      if (error === undefined) done?.(result)
      else failed?.(new Error(error))
    })
    started.on('error', () => undefined)
    started.on('exit', () => {
      for (const { failed } of waiting.values()) failed(new Error('the cloud died'))
      waiting.clear()
    })
    child = started
    await ask({ do: 'start', start: { ...settings, now: clock.now() } })
  }
  const stop = async () => {
    const dying = child
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return
    const exit = once(dying, 'exit')
    dying.kill('SIGKILL')
    await exit
  }

  await start()
  return {
    url: `http://127.0.0.1:${settings.port}`,
    get deaths() {
      return deaths
    },
    call: (name, data) => ask({ do: 'call', name, data }),
    fire: (name) => ask({ do: 'fire', name }),
    async move(ms) {
      clock.move(ms)
      await ask({ do: 'move', ms })
    },
    async cut(isCut) {
      await ask({ do: 'cut', isCut })
    },
    async kill() {
      await stop()
      deaths += 1
      await start()
    },
    close: stop,
  }
}
