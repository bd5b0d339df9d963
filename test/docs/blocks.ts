import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The pages that people read, and the code in them. */

export const root = join(import.meta.dirname, '..', '..')

export interface Block {
  /** Path of the page in the repository. */
  page: string
  line: number
  language: string
  /** What follows the language on the fence: tests tell blocks apart by it, and no renderer shows it. */
  name: string
  text: string
}

const pagesIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}${name}`)

export const pages: readonly string[] = ['', 'docs/', 'test/'].flatMap(pagesIn)

export const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')

const FENCED = /^(?<indent> *)(?<fence>`{3,})(?<language>\w*) *(?<name>.*)\n(?<code>[\s\S]*?)^\1\2$/gm

export function blocksOf(page: string): Block[] {
  const text = textOf(page)
  return [...text.matchAll(FENCED)].map(({ index, groups = {} }) => {
    const { indent = '', language = '', name = '', code = '' } = groups
    const line = text.slice(0, index).split('\n').length
    return { page, line, language, name, text: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }
  })
}

/** The one block of a page that has this name. */
export function blockNamed(page: string, name: string): string {
  const [found, ...more] = blocksOf(page).filter((block) => block.name === name)
  if (!found || more.length > 0) throw new Error(`${page} has ${found ? 'several' : 'no'} blocks "${name}"`)
  return found.text
}
