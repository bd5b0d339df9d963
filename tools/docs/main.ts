import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { diagnosisPages } from '../doctor/notice/page.js'
import { doctorPages } from '../doctor/page.js'
import { generatedDocs } from './pages.js'

/** `npm run docs`: writes the pages and schemas that follow from the declarations. */
const root = process.cwd()
const files = await generatedDocs(root)
for (const [file, text] of [...doctorPages(), ...diagnosisPages()]) files.set(file, text)
rmSync(join(root, 'docs', 'schemas'), { recursive: true, force: true })
for (const [file, text] of files) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
console.log(`wrote ${files.size} files into docs/`)
