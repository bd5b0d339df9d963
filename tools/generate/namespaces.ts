import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isOperation } from '../catalog/capabilities.js'

const platforms = { weixin: 'Every WeChat API', alipay: 'Every Alipay API' } as const

type Platform = keyof typeof platforms

/** A declared API: its dotted name, the file in `apis/` without its ending, and the name of the export. */
interface Declared {
  dotted: string
  file: string
  exported: string
}

/**
 * The source of `shared/generated/<platform>Apis.ts`: every operation that the files of `shared/<platform>/apis/`
 * export, under its dotted name.
 */
export async function namespaces(root: string, platform: Platform): Promise<string> {
  const declared = await declaredIn(root, platform)
  const path = (file: string): string => `'../${platform}/apis/${file}.js'`
  const imports = new Set<string>()
  const exports = [...grouped(declared)].map(([namespace, members]) => {
    const [{ file, exported, dotted }] = members
    if (dotted === exported) return `export { ${exported} } from ${path(file)}`
    if (isWholeFile(namespace, members, declared)) return `export * as ${namespace} from ${path(file)}`
    for (const member of members) imports.add(`import { ${imported(member)} } from ${path(member.file)}`)
    return `export const ${namespace} = ${literal(namespace, members)}`
  })
  return `${[...imports].join('\n')}

/**
 * ${platforms[platform]} under the dotted name by which callers know it. Made from the files of \`apis/\` by
 * \`npm run generate\`; do not edit.
 */
${exports.join('\n')}
`.trimStart()
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

type Members = [Declared, ...Declared[]]

function grouped(declared: readonly Declared[]): Map<string, Members> {
  const groups = new Map<string, Members>()
  for (const each of declared) {
    const namespace = each.dotted.split('.')[0] ?? ''
    groups.set(namespace, [...(groups.get(namespace) ?? []), each] as Members)
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether one file has all of a namespace, nothing else, and each operation under the last word of its name. */
const isWholeFile = (namespace: string, [{ file }, ...rest]: Members, all: readonly Declared[]): boolean =>
  rest.every((each) => each.file === file) &&
  all
    .filter((each) => each.file === file)
    .every(({ dotted, exported }) => dotted === `${namespace}.${exported}`)

/** Two files may export the same word, so an import is called by the whole name. */
const imported = ({ exported, dotted }: Declared): string =>
  exported === wordOf(dotted) ? exported : `${exported} as ${wordOf(dotted)}`

const wordOf = (dotted: string): string =>
  dotted.replaceAll(/\.(\w)/g, (_, letter: string) => letter.toUpperCase())

/** `h5` of `h5.templateMessage.send` is `{ templateMessage: { send: h5TemplateMessageSend } }`. */
function literal(above: string, members: readonly Declared[]): string {
  const words = new Set(members.map(({ dotted }) => dotted.slice(above.length + 1).split('.')[0] ?? ''))
  const fields = [...words].map((word) => {
    const dotted = `${above}.${word}`
    const isOne = members.some((member) => member.dotted === dotted)
    const inner = members.filter((member) => member.dotted.startsWith(`${dotted}.`))
    return `${word}: ${isOne ? wordOf(dotted) : literal(dotted, inner)}`
  })
  return `{ ${fields.join(', ')} }`
}
