/** Where a parameter is wrong. */
export interface Detail {
  field: string
  value?: unknown
  issue: string
  location: 'body' | 'query'
}

/** WeChat Pay says no, with a status and a code of its own. */
export class V3Failure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly detail?: Detail,
  ) {
    super(message)
  }
}

export const paramError = (message: string, detail?: Detail): V3Failure =>
  new V3Failure(400, 'PARAM_ERROR', message, detail)

export const signError = (message: string): V3Failure => new V3Failure(401, 'SIGN_ERROR', message)
