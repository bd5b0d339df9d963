import { OpenapiError } from '../../shared/errors/index.js'

/** The `errCode` a promise rejects with; anything but a rejection with an error of ours fails the test. */
export async function refused(work: Promise<unknown>): Promise<number | string> {
  let answer: unknown
  try {
    answer = await work
  } catch (error) {
    if (error instanceof OpenapiError) return error.errCode
    throw error
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(answer)}`)
}
