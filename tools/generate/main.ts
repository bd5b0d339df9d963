import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog } from '../catalog/index.js'
import { GENERATED, generatedSources } from './sources.js'

/**
 * `npm run generate`: writes the sources that follow from the declarations, into `shared/generated/`. To be run after
 * an API was declared or changed; a test tells when that was forgotten.
 */
const root = process.cwd()
const sources = await generatedSources(await readCatalog(root))
mkdirSync(join(root, GENERATED), { recursive: true })
for (const name of readdirSync(join(root, GENERATED))) {
  if (!sources.has(join(GENERATED, name))) rmSync(join(root, GENERATED, name))
}
for (const [file, text] of sources) writeFileSync(join(root, file), text)
console.log(`wrote ${sources.size} files into ${GENERATED}`)
