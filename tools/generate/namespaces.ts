import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isOperation } from '../catalog/capabilities.js'

const platforms = ['alipay', 'weixin'] as const

type Platform = (typeof platforms)[number]

/** A declared API: its dotted name, the file in `apis/` without its ending, and the name of the export. */
interface Declared {
  dotted: string
  file: string
  exported: string
}

/**
 * The source of `shared/generated/apis.ts`: every operation that the files of `shared/<platform>/apis/` export, under
 * its dotted name.
 */
export async function namespaces(root: string): Promise<string> {
  const imports: string[] = []
  const exports: string[] = []
  for (const platform of platforms) {
    const declared = await declaredIn(root, platform)
    const files = new Set(declared.map(({ file }) => file))
    for (const file of files)
      imports.push(`import * as ${importedFile(platform, file)} from '../${platform}/apis/${file}.js'`)
    exports.push(`export const ${platform} = ${literal(platform, '', declared)}`)
  }
  return `${imports.join('\n')}

/**
 * Every API under the dotted name by which callers know it: the library's methods and types come from here. Made from
 * the files of \`apis/\` by \`npm run generate\`; do not edit.
 */
${exports.join('\n\n')}
`
}

async function declaredIn(root: string, platform: Platform): Promise<Declared[]> {
  const folder = join(root, 'shared', platform, 'apis')
  const files = readdirSync(folder).sort()
  const found = files.map(async (name) => {
    const module: object = await import(pathToFileURL(join(folder, name)).href)
    return Object.entries(module).map(([exported, value]) => {
      if (isOperation(value)) return { dotted: value.name, file: name.replace(/\.ts$/, ''), exported }
      throw new Error(`shared/${platform}/apis/${name} exports ${exported}, which is no operation`)
    })
  })
  return (await Promise.all(found)).flat()
}

/** `weixinAuth` of `auth.ts`: both platforms have one. */
const importedFile = (platform: Platform, file: string): string =>
  `${platform}${file.charAt(0).toUpperCase()}${file.slice(1)}`

/** The object that has these operations below the words `above`, such as `h5.` of `h5.templateMessage.send`. */
function literal(platform: Platform, above: string, declared: readonly Declared[]): string {
  const below = declared.filter(({ dotted }) => dotted.startsWith(above))
  const words = new Set(below.map(({ dotted }) => dotted.slice(above.length).split('.')[0] ?? ''))
  const fields = [...words].sort().map((word) => {
    const found = below.find(({ dotted }) => dotted === `${above}${word}`)
    if (found) return `${word}: ${importedFile(platform, found.file)}.${found.exported}`
    const whole = wholeFile(`${above}${word}.`, declared)
    if (whole !== undefined) return `${word}: ${importedFile(platform, whole)}`
    return `${word}: ${literal(platform, `${above}${word}.`, declared)}`
  })
  return `{ ${fields.join(', ')} }`
}

/** The file that has all operations below `above` and no other, each exported under the last word of its name. */
function wholeFile(above: string, declared: readonly Declared[]): string | undefined {
  const [first, ...rest] = declared.filter(({ dotted }) => dotted.startsWith(above))
  if (!first || rest.some(({ file }) => file !== first.file)) return undefined
  const isNamed = declared
    .filter(({ file }) => file === first.file)
    .every(({ dotted, exported }) => dotted === `${above}${exported}`)
  return isNamed ? first.file : undefined
}
