import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * A folder of the user's cache that `build` filled once; later runs need neither network nor tools for it. `name` says
 * all that went into it, since what is there is taken for good.
 */
export async function cachedFolder(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'unicloud-openapi')
  const folder = join(cache, name)
  if (await exists(folder)) return folder
  await mkdir(cache, { recursive: true })
  const building = await mkdtemp(join(cache, 'building-'))
  try {
    await build(building)
    await rename(building, folder).catch(async (error: unknown) => {
      // Another test file built the same at the same time; its work serves as well.
      if (!(await exists(folder))) throw error
    })
  } finally {
    await rm(building, { recursive: true, force: true })
  }
  return folder
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
