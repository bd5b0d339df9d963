import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'

const START_MS = 60_000

export interface ChildServer {
  /** On the loopback; the system chose it or the arguments did. */
  port: number
  stop(): Promise<void>
}

/**
 * Starts a server that ends no later than this process. It is ready when it says so: `ready` matches its own line
 * about the port, since an open port alone may be a stranger's. `folder` is removed with it.
 */
export async function startChild(
  command: string,
  args: readonly string[],
  ready: RegExp,
  folder?: string,
): Promise<ChildServer> {
  const child = spawn(command, args, { stdio: 'pipe' })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A signal ends Node without an exit event.
    process.once(signal, () => {
      kill()
      process.kill(process.pid, signal)
    })
  }
  const stop = async () => {
    const running = child.pid !== undefined && child.exitCode === null && child.signalCode === null
    const ended = running ? once(child, 'exit') : undefined
    kill()
    await ended
    process.off('exit', kill)
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }

  try {
    const port = await new Promise<number>((resolve, reject) => {
      let said = ''
      const fail = (why: string) => reject(new Error(`${command} ${why}: ${said.slice(-2000)}`))
      const listen = (chunk: Buffer) => {
        said += chunk.toString()
        const port = ready.exec(said)?.[1]
        if (port !== undefined) resolve(Number(port))
      }
      child.stdout.on('data', listen)
      child.stderr.on('data', listen)
      child.on('error', reject)
      child.on('exit', () => fail('ended'))
      AbortSignal.timeout(START_MS).addEventListener('abort', () => fail('did not start'))
    })
    return { port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
