import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog } from '../catalog/index.js'
import { argumentsOf } from '../command/index.js'
import { diagnosisPages } from '../doctor/notice/page.js'
import { doctorPages } from '../doctor/page.js'
import { generatedPages } from './pages.js'

/**
 * `npm run docs`: writes the pages that follow from the declarations, the table of errors and the findings of the
 * doctor. A test tells when one of them is out of date.
 */
argumentsOf('docs')
const root = process.cwd()
const catalog = await readCatalog(root)
const pages = [...generatedPages(catalog), ...doctorPages(), ...diagnosisPages()]
for (const [file, text] of pages) {
  if (existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8') === text) continue
  writeFileSync(join(root, file), text)
  console.log(`wrote ${file}`)
}
console.log(`${pages.length} pages are up to date`)
