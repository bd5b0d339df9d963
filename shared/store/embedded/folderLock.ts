import { link, mkdir, readFile, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openapiError, STORE_IN_USE } from '../../errors/index.js'

/** Folders this process has open: in a container a crashed predecessor may well have had the same process id. */
const ours = new Set<string>()

/**
 * Takes `folder` (made if missing) for this process alone; the answer gives it back. A lock that a dead process left
 * is taken over. Rejects with `STORE_IN_USE`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const home = await realpath(folder)
  const file = join(home, 'lock')
  if (ours.has(home)) throw openapiError(STORE_IN_USE, { file, pid: process.pid })
  ours.add(home)
  try {
    await take(file)
  } catch (error) {
    ours.delete(home)
    throw error
  }
  return async () => {
    await rm(file, { force: true })
    ours.delete(home)
  }
}

async function take(file: string): Promise<void> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    await removeStale(file)
    await take(file)
  }
}

/** Moves a dead process's lock aside, or rejects. Moving shows whose lock it was, so a live one is put back. */
async function removeStale(file: string): Promise<void> {
  await refuseLiving(file, file)
  const aside = `${file}.${process.pid}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return
    throw error
  }
  try {
    await refuseLiving(aside, file)
  } catch (error) {
    await link(aside, file).catch(() => undefined)
    throw error
  } finally {
    await unlink(aside)
  }
}

async function refuseLiving(read: string, file: string): Promise<void> {
  const text = await readFile(read, 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  if (pid !== process.pid && isAlive(pid)) throw openapiError(STORE_IN_USE, { file, pid })
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

const isCode = (error: unknown, code: string): boolean => (error as { code?: unknown }).code === code
