import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { SEALED_FILE } from '../../../shared/config/sealed.js'
import { environmentOf } from '../config/environment.js'
import type { Given } from '../config/given.js'
import type { Project, ProjectFunction } from '../config/project.js'
import type { Variables } from '../config/types.js'
import { DeployFailure } from '../failure.js'
import { crc64 } from './crc64.js'
import { openZipper, type ZipFile, type Zipper } from './zip.js'

/** A function ready to be uploaded. */
export interface Package {
  zip: Buffer
  /** CRC-64 of the zip as decimal digits. */
  checksum: string
  variables: Variables
  /** Whether settings travel in it. */
  isSealed: boolean
}

/** An upload travels as base64, of which the API takes 100 MB (Function Compute, "limits"). */
const LIMIT_BYTES = 75_000_000

/** Packs the given functions, by key. Throws {@link DeployFailure}. */
export async function packAll(
  project: Project,
  given: Given,
  functions: Iterable<[string, ProjectFunction]> = project.functions,
): Promise<Map<string, Package>> {
  const zipper = openZipper()
  const packed = [...functions].map(
    async ([key, entry]): Promise<[string, Package]> => [key, await pack(key, entry, project, given, zipper)],
  )
  return new Map(await Promise.all(packed))
}

async function pack(
  key: string,
  entry: ProjectFunction,
  project: Project,
  given: Given,
  zipper: Zipper,
): Promise<Package> {
  const { variables, sealed } = environmentOf(key, entry, project, given)
  const files = filesOf(key, join(project.folder, entry.source ?? join('dist', 'functions', key)))
  const zip = await zipper(sealed ? [...files, { path: SEALED_FILE, bytes: sealed }] : files)
  if (zip.length > LIMIT_BYTES) {
    throw new DeployFailure(
      'PACKAGE_TOO_LARGE',
      `${key} is packed ${zip.length} bytes; at most ${LIMIT_BYTES} can go`,
    )
  }
  return { zip, checksum: crc64(zip), variables, isSealed: sealed !== undefined }
}

function filesOf(key: string, folder: string): ZipFile[] {
  let entries: string[]
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  } catch (cause) {
    throw new DeployFailure('NOT_BUILT', `${key} is not in ${folder}: run npm run build first`, { cause })
  }
  return entries
    .filter((path) => !isPrivate(path))
    .map((path) => ({ path: path.split(sep).join('/'), bytes: readFileSync(join(folder, path)) }))
}

/** Files of settings are never packaged, wherever they lie. */
const isPrivate = (path: string): boolean =>
  path === SEALED_FILE || path.split(sep).some((part) => /^\.env(\.|$)/.test(part))

/** Writes the zips into `folder`, the only ones there afterwards; answers their paths by key. */
export function writePackages(folder: string, packages: ReadonlyMap<string, Package>): Map<string, string> {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) if (name.endsWith('.zip')) rmSync(join(folder, name))
  return new Map(
    [...packages].map(([key, { zip }]) => {
      const path = join(folder, `${key}.zip`)
      writeFileSync(path, zip)
      return [key, path]
    }),
  )
}
