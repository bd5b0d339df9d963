import { join, relative } from 'node:path'
import { textOption } from '../framework.js'
import { writePackages } from '../package/packages.js'
import { kilobytes } from '../plan/text.js'
import type { Session } from '../session.js'

/** Packs all functions into `.serverless` or the folder given with `--package`; answers the zips by key. */
export async function packageCommand(session: Session): Promise<Map<string, string>> {
  const { project, options, clock, say } = session
  const begun = clock.now()
  session.progress('Packing')
  const packages = await session.packages()
  const folder = join(project.folder, textOption(options, 'package') ?? '.serverless')
  const paths = writePackages(folder, packages)
  const bytes = [...packages.values()].reduce((sum, { zip }) => sum + zip.length, 0)
  const seconds = ((clock.now() - begun) / 1000).toFixed(1)
  const place = relative(project.folder, folder) || '.'
  say(`Packed ${packages.size} functions, ${kilobytes(bytes)}, into ${place} in ${seconds} s`)
  return paths
}
