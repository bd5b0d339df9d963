import type { Store } from '../../shared/store/index.js'

/** The tokens of a store, passed through as they are, and whether a call of them is under way just now. */
export function watched({ tokens }: Store): { store: Pick<Store, 'tokens'>; busy(): boolean } {
  let running = 0
  const watch =
    <Args extends unknown[], T>(method: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      running++
      try {
        return await method(...args)
      } finally {
        running--
      }
    }
  const { read, view, acquire, write, release, takeForced } = tokens
  return {
    store: {
      tokens: {
        read: watch(read),
        view: watch(view),
        acquire: watch(acquire),
        write: watch(write),
        release: watch(release),
        takeForced: watch(takeForced),
      },
    },
    busy: () => running > 0,
  }
}
