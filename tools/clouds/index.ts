import { alipay } from './alipay.js'
import { aliyun } from './aliyun.js'
import type { Edition, EditionName } from './edition.js'
import type { Figure } from './figure.js'
import { tencent } from './tencent.js'

export { EDITIONS, type Edition, type EditionName, isEdition } from './edition.js'
export { bytesOf, type Figure, sources } from './figure.js'
export { functionCompute } from './functionCompute.js'

/**
 * What the clouds take and do, each figure with its source and date: the one place for it. The build, the runtime's
 * deadlines (`shared/generated/deadlines.ts`), the local cloud, the doctor and docs/clouds.md read it here.
 */
export const editions: Readonly<Record<EditionName, Edition>> = { aliyun, tencent, alipay }

/** How long the client library waits for an answer unless told otherwise, whatever the edition. */
export const clientPatience: Figure = {
  ...{ value: 60, unit: 's', source: 'D4 cf-callfunction; U', date: '2026-09-14' },
  note: {
    en: 'callFunction({ timeout }), HBuilderX 4.25 and newer, says otherwise',
    zh: '可用 callFunction({ timeout }) 修改，HBuilderX 4.25 起',
  },
}

/** How a figure is named where one is exceeded: `99 (D4 cf-functions, price; 2025-04-30)`. */
export const named = ({ value, unit, source, date }: Figure<unknown>): string =>
  `${value}${unit === undefined ? '' : ` ${unit}`} (${source}; ${date})`
