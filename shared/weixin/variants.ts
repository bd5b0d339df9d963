import type * as v from 'valibot'
import type { Context, Operation, OutputOf } from '../operation/index.js'
import { type ObjectSchema, oneOf } from '../operation/rules.js'

type Variant = Operation<ObjectSchema, unknown>

/**
 * Several APIs behind one name: `pick` chooses one by the input. Title, link and reach are those of the first; a
 * repeat is safe only where it is for every one.
 */
export function variants<const Members extends readonly [Variant, ...Variant[]]>(
  members: Members,
  pick: (given: Record<string, unknown>) => Members[number],
) {
  // A declaration describes one API, not all of them.
  const { spec: _spec, ...first }: Variant & { spec?: unknown } = members[0]
  const schemas = members.map((member): Members[number]['input'] => member.input)
  const input = oneOf(schemas, (given) => pick(given).input)
  return {
    ...first,
    input,
    repeat: members.every((member) => member.repeat === 'safe') ? 'safe' : 'never',
    settings: [...new Set(members.flatMap((member) => member.settings))],
    errors: Object.assign({}, ...members.map((member) => member.errors ?? {})),
    /** For the docs and the local platforms: each with a declaration of its own. */
    variants: members,
    run: (given: v.InferOutput<typeof input>, context: Context) =>
      pick(given).run(given, context) as Promise<OutputOf<Members[number]>>,
  } satisfies Operation<typeof input> & { variants: Members }
}
