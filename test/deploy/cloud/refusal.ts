/** A refusal of the API, with code and status. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export const missing = (what: string, name: string): Refusal =>
  new Refusal(404, `${what}NotFound`, `${what.toLowerCase()} '${name}' does not exist`)

export const taken = (what: string, name: string): Refusal =>
  new Refusal(409, `${what}AlreadyExists`, `${what.toLowerCase()} '${name}' already exists`)

export const invalid = (message: string): Refusal => new Refusal(400, 'InvalidArgument', message)
