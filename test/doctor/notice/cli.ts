import { execFile } from 'node:child_process'
import { program } from '../../support/program.js'

export interface Run {
  code: number
  out: string
  err: string
}

export interface Start {
  folder: string
  args?: readonly string[]
  /** Standard input. */
  stdin?: Buffer
  shell?: Readonly<Record<string, string>>
}

/** The command as `npm run doctor -- notice` starts it, in a folder and with nothing else around it. */
export function explain({ folder, args = [], stdin = Buffer.alloc(0), shell = {} }: Start): Promise<Run> {
  const env = { PATH: process.env.PATH ?? '', ...shell }
  const all = [...program('tools/doctor/main.ts'), 'notice', ...args]
  return new Promise((resolve) => {
    const child = execFile(process.execPath, all, { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
    child.stdin?.end(stdin)
  })
}
