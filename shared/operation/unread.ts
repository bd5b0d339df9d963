import type { GenericSchema } from 'valibot'

/**
 * The input of a callback: none, since nothing that a provider sends is parsed before it is proved. This is valibot's
 * `unknown()` written out: to import it would have all of valibot load while the provider waits.
 */
export const unread: GenericSchema = {
  kind: 'schema',
  type: 'unknown',
  expects: 'unknown',
  async: false,
  reference: () => unread,
  '~standard': { version: 1, vendor: 'valibot', validate: (value) => ({ value }) },
  '~run': ({ value }) => ({ typed: true, value }),
}
