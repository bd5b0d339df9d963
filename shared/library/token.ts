import { invalidParam } from '../errors/index.js'
import type { Context } from '../operation/index.js'

/** What every method of WeChat's takes beside its own parameters. */
export interface PerCall {
  /** Wins over the instance's own and over tokens fetched here. */
  accessToken?: string
}

/** A token that the caller brings along. An empty one counts as none, as the documents' samples have it. */
export function broughtToken(accessToken: unknown): Pick<Context, 'accessToken'> {
  if (accessToken === undefined || accessToken === '') return {}
  if (typeof accessToken === 'string') return { accessToken }
  throw invalidParam('accessToken', 'expected the text that getAccessToken answered')
}
