/** What the doctor says around its findings. */
export const words = {
  en: {
    why: 'Why',
    mend: 'Do',
    summary: '{error} wrong, {warn} to look at, {ok} fine, {skipped} not found out',
    healthy: 'Nothing stands in the way.',
    ill: 'Something stands in the way.',
    looking: 'looking at {all} things, at most 5 s each request',
    separator: '; ',
    colon: ': ',
  },
  zh: {
    why: '原因',
    mend: '处理',
    summary: '错误 {error} 项，需留意 {warn} 项，正常 {ok} 项，未能检查 {skipped} 项',
    healthy: '没有发现阻碍运行的问题。',
    ill: '发现了阻碍运行的问题。',
    looking: '共 {all} 项检查，每个请求最多 5 秒',
    separator: '；',
    colon: '：',
  },
} as const

export type Language = keyof typeof words

/** As the machine is set: `--lang` first, then the shell's locale. */
export function languageOf(wish: string | undefined, shell: NodeJS.ProcessEnv): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = shell
  return /^zh/i.test(wish ?? (LC_ALL || LC_MESSAGES || LANG || 'en')) ? 'zh' : 'en'
}
