import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog } from '../catalog/index.js'
import { argumentsOf } from '../command/index.js'
import { GENERATED, generatedSources } from './sources.js'

/**
 * `npm run generate`: writes the sources that follow from the declarations, into `shared/generated/`. To be run after
 * an API was declared or changed; a test tells when that was forgotten.
 */
argumentsOf('generate')
const root = process.cwd()
const sources = await generatedSources(await readCatalog(root))
mkdirSync(join(root, GENERATED), { recursive: true })
for (const name of readdirSync(join(root, GENERATED))) {
  const file = join(GENERATED, name)
  if (sources.has(file)) continue
  rmSync(join(root, file))
  console.log(`removed ${file}`)
}
for (const [file, text] of sources) {
  if (existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8') === text) continue
  writeFileSync(join(root, file), text)
  console.log(`wrote ${file}`)
}
console.log(`${sources.size} sources are up to date`)
