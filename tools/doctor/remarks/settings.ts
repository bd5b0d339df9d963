import type { Remarks } from '../finding.js'

export const settingsRemarks = {
  'well-formed': {
    level: 'ok',
    what: { en: '{count} settings are there and well formed', zh: '共读到 {count} 项配置，格式正确' },
  },
  nothing: {
    level: 'error',
    what: { en: 'no setting was found', zh: '没有读到任何配置' },
    why: {
      en: 'Without settings no function can call a provider.',
      zh: '没有配置，任何云函数都无法调用平台接口。',
    },
    mend: {
      en: 'Put them into .env or the environment, or name a file of settings with --env: on uniCloud, config.json of uni-config-center.',
      zh: '请写入 .env 或环境变量，或用 --env 指定配置文件：uniCloud 上是 uni-config-center 的 config.json。',
    },
  },
  malformed: {
    level: 'error',
    what: { en: '{name} is malformed: {problem}', zh: '{name} 的值格式不正确（{problem}）' },
    why: {
      en: 'Every function that needs it refuses to work.',
      zh: '所有用到它的云函数都会拒绝工作。',
    },
    mend: {
      en: 'It should look like: {example}. You find it at: {where}.',
      zh: '应形如：{example}。获取位置：{where}。',
    },
  },
  missing: {
    level: 'error',
    what: {
      en: '{name} is missing, although settings that only work together with it are there',
      zh: '缺少 {name}，而必须与它配套的配置已经存在',
    },
    why: {
      en: 'Half an account is none: what needs it refuses to work.',
      zh: '配置不完整，用到它的功能会拒绝工作。',
    },
    mend: {
      en: 'It should look like: {example}. You find it at: {where}.',
      zh: '应形如：{example}。获取位置：{where}。',
    },
  },
  'secret-odd': {
    level: 'warn',
    what: {
      en: '{name} does not look like an AppSecret, which has 32 lower-case hex digits',
      zh: '{name} 不像 AppSecret（应为 32 位小写十六进制）',
    },
    why: { en: 'WeChat will most likely refuse it.', zh: '微信很可能会拒绝它。' },
    mend: {
      en: 'Copy it again from the console; another key may have got into its place.',
      zh: '请从后台重新复制，检查是否误填了其他密钥。',
    },
  },
  'unknown-name': {
    level: 'warn',
    what: { en: '{name} is no setting', zh: '{name} 不是已知的配置项' },
    why: { en: 'Nobody reads it.', zh: '没有任何代码会读取它。' },
    mend: {
      en: 'Compare it with docs/settings.md, or remove it.',
      zh: '请对照 docs/settings.zh-CN.md 修正，或删除。',
    },
  },
  'misspelt-name': {
    level: 'warn',
    what: {
      en: '{name} is no setting; perhaps {near} is meant',
      zh: '{name} 不是已知的配置项，是否应为 {near}？',
    },
    why: { en: 'Nobody reads it.', zh: '没有任何代码会读取它。' },
    mend: { en: 'Rename it to {near}.', zh: '请改名为 {near}。' },
  },
} as const satisfies Remarks
