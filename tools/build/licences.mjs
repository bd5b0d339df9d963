import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The licence texts of every package that ended up in a bundle, as one document. */
export async function licencesOf(metafile) {
  const packages = new Set()
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (found) packages.add(found[1])
  }
  const texts = await Promise.all([...packages].sort().map(licenceOf))
  return texts.join('\n')
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  const text = file ? await readFile(join(folder, file), 'utf8') : `Licence: ${license}`
  return `${name} ${version}\n\n${text.trim()}\n`
}
