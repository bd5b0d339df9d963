/** One version of the Function Compute API, as a REST interface: paths without host, JSON both ways. */
export interface Api {
  call(method: Method, path: string, request?: ApiRequest): Promise<Fields>
  /** Runs a function; a function that fails is an answer too, with `x-fc-error-type` among its headers. */
  invoke(path: string, event: Buffer, headers: Readonly<Record<string, string>>): Promise<InvokeAnswer>
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface ApiRequest {
  query?: Readonly<Record<string, string>>
  body?: Fields
}

export type Fields = Readonly<Record<string, unknown>>

interface InvokeAnswer {
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/** A refusal of the API, or no answer at all. */
export class ApiError extends Error {
  constructor(
    /** `FunctionNotFound` and the like, or the code of a network error such as `ECONNRESET`. */
    readonly code: string,
    message: string,
    /** Absent when there was no answer. */
    readonly status?: number,
    options?: { cause: unknown },
  ) {
    super(message, options)
  }
}

const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404

export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 409 || error.code.endsWith('AlreadyExists'))

/** The answer, or undefined where the thing does not exist. */
export async function ifThere<Answer>(work: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** All pages of a listing whose items stand under `key`. */
export async function listAll(
  api: Api,
  path: string,
  key: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Fields[]> {
  const items: Fields[] = []
  let nextToken: unknown
  do {
    const page = { ...query, limit: '100', ...(nextToken ? { nextToken: String(nextToken) } : {}) }
    const answer = await api.call('GET', path, { query: page })
    items.push(...((answer[key] as Fields[] | undefined) ?? []))
    nextToken = answer.nextToken
  } while (nextToken)
  return items
}
