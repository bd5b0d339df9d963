import { readFileSync } from 'node:fs'

const PLATFORMS = ['weixin', 'alipay']

/**
 * A client may log in by a code of the platforms that an operation has to do with, and is refused with those of others
 * before anybody is asked (`shared/platform/login.ts`). So a function of one platform's API leaves out what asks the other.
 */
export function onePlatform(entry) {
  const [, platform] = /shared\/(\w+)\/apis\//.exec(readFileSync(entry, 'utf8')) ?? []
  const others = PLATFORMS.filter((each) => platform !== undefined && each !== platform)
  return {
    name: 'one platform',
    setup({ onResolve, onLoad }) {
      if (!PLATFORMS.includes(platform)) return
      const filter = new RegExp(`^\\.\\./(${others.join('|')})/`)
      onResolve({ filter }, ({ path, kind, importer }) =>
        kind === 'dynamic-import' && /[\\/]platform[\\/]login\.ts$/.test(importer)
          ? { path, namespace: 'other platform' }
          : undefined,
      )
      onLoad({ filter: /.*/, namespace: 'other platform' }, () => ({ contents: 'module.exports = {}' }))
    },
  }
}
