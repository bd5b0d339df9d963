import type { Bilingual } from '../../shared/operation/index.js'

/** One contract of a cloud: what it takes, where that is printed, and of when the page is. */
export interface Figure<Value = number> {
  readonly value: Value
  readonly unit?: Unit
  /** Letter of {@link sources}, and the page. */
  readonly source: string
  /** Of the page that was read, as exactly as it is known; `undated` where it has none. */
  readonly date: string
  /** What other pages of the same cloud say. The smaller figure holds. */
  readonly elsewhere?: readonly { readonly value: number; readonly source: string }[]
  readonly note?: Bilingual
}

type Unit = 'MB' | 'KB' | 's' | 'min' | 'ms' | 'bytes' | '/s' | 'fields' | 'vCPU'

const BYTES = { bytes: 1, KB: 1024, MB: 1024 * 1024 } as const

/** A size in bytes. Throws for what is none. */
export function bytesOf({ value, unit }: Figure): number {
  if (unit !== 'bytes' && unit !== 'KB' && unit !== 'MB') throw new Error(`${unit} is no size`)
  return value * BYTES[unit]
}

/** What the letters stand for. */
export const sources: Readonly<Record<string, string>> = {
  D4: 'doc.dcloud.net.cn/uniCloud, as of 2025-04-30 (github.com/weiye465/unidocs-unicloud-zh, commit ab7b1b62a)',
  D5: 'doc.dcloud.net.cn/uniCloud/{http,trigger,release}, later copies, the newest entry of 2026-01-31',
  E1: 'help.aliyun.com/document_detail/456267.html',
  E2: 'help.aliyun.com/document_detail/456964.html',
  U: 'npm @dcloudio/uni-cloud 3.0.0-alpha-5020620260914001',
  A: 'help.aliyun.com/zh/functioncompute',
  F3: 'github.com/devsapp/fc3, src/schema.json, commit 4ca1c1b8',
}
