import type { Remarks } from '../finding.js'

const nothingKept = {
  en: 'No token is shared, no login lasts, and no payment can be confirmed.',
  zh: 'token 无法共享，登录态无法保持，支付也无法确认。',
}

export const mongodbRemarks = {
  works: {
    level: 'ok',
    what: {
      en: 'the database {database} answers in {ms} ms, and may be read, written and indexed',
      zh: '数据库 {database} 在 {ms} 毫秒内应答，读、写、建索引权限齐全',
    },
  },
  unset: {
    level: 'skipped',
    what: {
      en: 'MONGODB_URI is not set: right in uniCloud, whose own database is used; Function Compute needs one',
      zh: '未配置 MONGODB_URI：在 uniCloud 中使用其自带数据库，无需配置；函数计算则必须配置',
    },
  },
  unreachable: {
    level: 'error',
    what: { en: 'the database does not answer ({line})', zh: '数据库没有应答（{line}）' },
    why: nothingKept,
    mend: {
      en: 'Check host and port in MONGODB_URI and the database’s own allow-list. If only the functions’ network (VPC) gets there, run the doctor in it.',
      zh: '请检查 MONGODB_URI 中的主机与端口，以及数据库的访问白名单。如果只有云函数所在的 VPC 可以访问，请在其中运行本命令。',
    },
  },
  'login-refused': {
    level: 'error',
    what: {
      en: 'the database refuses user or password of MONGODB_URI',
      zh: '数据库拒绝 MONGODB_URI 中的用户名或密码',
    },
    why: nothingKept,
    mend: {
      en: 'Percent-encode what is special in the password, and name the database the user is kept in: ?authSource=admin.',
      zh: '密码中的特殊字符需百分号编码，并指明用户所在的库：?authSource=admin。',
    },
  },
  'cannot-write': {
    level: 'error',
    what: {
      en: 'the user of MONGODB_URI may not read and write in {database}: {said}',
      zh: 'MONGODB_URI 的用户无权读写 {database}：{said}',
    },
    why: nothingKept,
    mend: {
      en: 'Give it the role readWrite on {database}.',
      zh: '请授予该用户 {database} 的 readWrite 角色。',
    },
  },
  'cannot-index': {
    level: 'error',
    what: {
      en: 'the user of MONGODB_URI may not make indexes in {database}: {said}',
      zh: 'MONGODB_URI 的用户无权在 {database} 建索引：{said}',
    },
    why: {
      en: 'The functions make their indexes themselves, at first use, and refuse to work without.',
      zh: '云函数在首次使用时自动建索引，失败则拒绝工作。',
    },
    mend: {
      en: 'Give it the role readWrite on {database}.',
      zh: '请授予该用户 {database} 的 readWrite 角色。',
    },
  },
  'no-database': {
    level: 'warn',
    what: { en: 'MONGODB_URI names no database', zh: 'MONGODB_URI 没有指定数据库名' },
    why: {
      en: 'Everything lands in "test", together with whatever else was careless.',
      zh: '数据会写入默认的 test 库，容易与其他程序混在一起。',
    },
    mend: {
      en: 'Put the name behind the host: mongodb://host:27017/shop.',
      zh: '请在主机后加上库名：mongodb://host:27017/shop。',
    },
  },
} as const satisfies Remarks
