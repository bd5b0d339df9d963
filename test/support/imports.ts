import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** Who imports whom among the sources, types included. */

const root = join(import.meta.dirname, '..', '..')

/** Every file below these folders with one of the endings, by its path below the root. */
export const filesUnder = (folders: readonly string[], ending: RegExp): string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => ending.test(file))
    .sort()

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g

export type Imports = ReadonlyMap<string, ReadonlySet<string>>

/** What each of the files imports of the others, late imports included. */
export function importsAmong(files: readonly string[]): Imports {
  const known = new Set(files)
  return new Map(
    files.map((file) => {
      const named = [...withoutComments(readFileSync(join(root, file), 'utf8')).matchAll(IMPORT)]
      const targets = named.map(([, path = '']) =>
        normalize(join(dirname(file), path)).replace(/\.js$/, '.ts'),
      )
      return [file, new Set(targets.filter((target) => known.has(target)))]
    }),
  )
}

/** All that these files need, at any depth, themselves included. */
export function reachableFrom(starts: readonly string[], imports: Imports): Set<string> {
  const reached = new Set(starts)
  for (const file of reached) for (const next of imports.get(file) ?? []) reached.add(next)
  return reached
}

/** Files that need themselves by a detour, each with one such way. */
export function circlesIn(imports: Imports): string[] {
  const left = new Set<string>()
  const circles: string[] = []
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '))
    if (way.includes(file) || left.has(file)) return
    for (const next of imports.get(file) ?? []) follow(next, [...way, file])
    left.add(file)
  }
  for (const file of imports.keys()) follow(file, [])
  return circles
}

/** Folders of which each imports the other, unless one lies inside the other. */
export function mutualFolders(imports: Imports): string[] {
  const pairs = new Map<string, string>()
  for (const [file, targets] of imports) {
    for (const target of targets) {
      const [from, to] = [dirname(file), dirname(target)]
      if (from === to || from.startsWith(join(to, '/')) || to.startsWith(join(from, '/'))) continue
      pairs.set(`${from} ${to}`, `${file} -> ${target}`)
    }
  }
  return [...pairs].flatMap(([pair, example]) => {
    const [from = '', to = ''] = pair.split(' ')
    const back = pairs.get(`${to} ${from}`)
    return from < to && back !== undefined ? [`${example}, ${back}`] : []
  })
}
