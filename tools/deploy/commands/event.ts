import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DeployFailure } from '../failure.js'
import { textOption } from '../framework.js'
import type { Session } from '../session.js'

/** The event that `--data`, or the file of `--path`, holds: JSON, unless `--raw` says that it is just text. */
export function eventOf({ options, project }: Session): string {
  const data = textOption(options, 'data')
  const path = textOption(options, 'path')
  if (data !== undefined && path !== undefined) throw invalid('Give either --data or --path')
  const text = data ?? (path === undefined ? '{}' : readText(resolve(project.folder, path)))
  if (options.raw === true) return text
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    throw invalid('The data is no JSON; quote it for your shell, or say --raw')
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw invalid(`${file} cannot be read`)
  }
}

/** JSON on several lines, anything else as it came. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** Code and sentence of an answer that is a function's error; undefined for any other. */
export function refusalIn(text: string): string | undefined {
  try {
    const { errCode = 0, errMsg } = { ...(JSON.parse(text) as { errCode?: unknown; errMsg?: unknown }) }
    return errCode === 0 ? undefined : `${errCode}: ${errMsg}`
  } catch {
    return undefined
  }
}

const invalid = (message: string): DeployFailure => new DeployFailure('INVALID_DATA', message)
