import { runningFunction } from './calls.js'

/**
 * Keeps the local cloud alive when a function fails outside of any call: in a timer callback, or by a promise nobody
 * waits for. Everything else is left to whoever else listens, or ends the process as Node.js would without us.
 * Answers how to stop.
 */
export function surviveCrashes(log: (line: string) => void): () => void {
  const survived = (error: unknown): boolean => {
    const name = runningFunction()
    if (name === undefined) return false
    log(`${name} failed outside of a call: ${error instanceof Error ? error.stack : String(error)}`)
    return true
  }
  const onException = (error: unknown) => {
    if (survived(error) || process.listenerCount('uncaughtException') > 1) return
    console.error(error)
    process.exit(1)
  }
  const onRejection = (reason: unknown) => {
    if (survived(reason) || process.listenerCount('unhandledRejection') > 1) return
    throw reason
  }
  process.on('uncaughtException', onException)
  process.on('unhandledRejection', onRejection)
  return () => {
    process.off('uncaughtException', onException)
    process.off('unhandledRejection', onRejection)
  }
}
