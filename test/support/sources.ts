import { register } from 'tsx/esm/api'

/**
 * For tests of what imports sources at run time by a path that it puts together: tests are run from bundles, which are
 * JavaScript, so Node has to be taught TypeScript first. Others do without it, since it takes a third of a second.
 */
export function teachNodeTypeScript(): void {
  register()
}
