import { checks } from './checks/index.js'
import type { Language } from './command.js'
import { levels, type Remarks } from './finding.js'
import { skippedRemarks } from './skipped.js'

/** What the pages about the doctor say beside their tables. */
const pageTexts = {
  en: {
    intro: `# The doctor

[简体中文](doctor.zh-CN.md)

Tables made from the checks by \`npm run docs\`; the words around them stand in \`tools/doctor/page.ts\`.

\`\`\`sh
npm run doctor
npm run doctor -- --offline
npm run doctor -- --json --stage prod
\`\`\`

It reads the settings, asks the live platforms as far as the network allows, and says of each thing it finds: what, why it matters, and how to mend it. It exits with 0 when there is no error, with 1 when there is one, and with 2 when it was called wrongly.

| option | what it does |
|---|---|
| \`--offline\` | looks at the settings alone; nothing leaves this machine |
| \`--json\` | one JSON object: \`{ healthy, counts, findings: [{ check, code, level, values, what, why, mend }] }\` |
| \`--lang en\\|zh\` | the language; by default the shell's |
| \`--stage <name>\` | reads \`.env\` and \`.env.<name>\`, then the shell's environment; \`dev\` by default |
| \`--env <file>\` | reads this file instead: like \`.env\`, or a JSON object such as uni-config-center's \`config.json\` |

## What it does to the platforms

It changes nothing. It asks for a \`stable_token\` unforced, which kills none; for orders that nobody has; for platform certificates; and it shows the V2 client certificate with an empty request. Whether an application is bound to a V3 merchant no query tells: it asks for an order whose payer is nobody, which is refused either way. In MongoDB it writes one document into \`openapi-doctor\` and removes it again. \`EVENT_TARGET\` gets an event of the type \`doctor.ping\`, once signed and once not.

A request is given up after five seconds. What cannot be reached is skipped, with the reason. Secrets are never printed.

## The echo

Most lost payments are notices whose bytes something on the way has tidied up. So the doctor posts bodies in the languages of all three providers, full of what gets tidied up, to \`NOTIFY_BASE_URL/verifyPaymentNotify/doctor/echo\`. The deployed function answers with an HMAC over the bytes it received, and the doctor says what was done to them. It answers only a probe that is signed with a secret of the deployment (\`EVIDENCE_KEY\` first, then \`EVENT_SECRET\`, \`WEIXIN_PAY_V3_KEY\`, \`WEIXIN_PAY_KEY\`, \`ALIPAY_AES_KEY\`) and no older than five minutes; to everybody else that address is nobody's.

## What it finds
`,
    columns: '| finding | level | what it says | how to mend it |',
    common: 'Any check may say in place of its own findings',
    levels: { error: 'error', warn: 'warning', skipped: 'skipped', ok: 'ok' },
  },
  zh: {
    intro: `# 诊断工具

[English](doctor.md)

表格由 \`npm run docs\` 根据检查项生成；其余文字位于 \`tools/doctor/page.ts\`。

\`\`\`sh
npm run doctor
npm run doctor -- --offline
npm run doctor -- --json --stage prod
\`\`\`

它读取配置，并在网络允许的范围内询问真实平台；对每个发现都说明：是什么、为什么重要、如何处理。没有错误时退出码为 0，有错误为 1，用法不对为 2。

| 选项 | 作用 |
|---|---|
| \`--offline\` | 只检查配置，不访问网络 |
| \`--json\` | 输出一个 JSON 对象：\`{ healthy, counts, findings: [{ check, code, level, values, what, why, mend }] }\` |
| \`--lang en\\|zh\` | 语言，默认取自终端 |
| \`--stage <name>\` | 依次读取 \`.env\`、\`.env.<name>\` 与终端环境变量；默认 \`dev\` |
| \`--env <file>\` | 改为读取此文件：格式同 \`.env\`，或 JSON 对象（例如 uni-config-center 的 \`config.json\`） |

## 它对平台做了什么

不做任何修改。它以非强制方式获取 \`stable_token\`，不会使现有 token 失效；查询不存在的订单；获取平台证书；并以空请求出示 V2 API 证书。没有查询接口能说明应用是否与 V3 商户绑定，因此它会请求一个付款人不存在的订单，无论如何都会被拒绝。它在 MongoDB 的 \`openapi-doctor\` 中写入一个文档并随即删除。\`EVENT_TARGET\` 会收到类型为 \`doctor.ping\` 的事件，带签名与不带签名各一次。

每个请求最多等待 5 秒。无法连接的项目会跳过并说明原因。任何密钥都不会被输出。

## 回显检查

支付丢失大多是因为通知的字节在途中被“整理”过。因此诊断工具以三家平台各自的格式，向 \`NOTIFY_BASE_URL/verifyPaymentNotify/doctor/echo\` 发送容易被改动的请求体。已部署的云函数对收到的字节计算 HMAC 并返回，诊断工具据此说明字节被怎样改动。只有以部署的某个密钥（依次为 \`EVIDENCE_KEY\`、\`EVENT_SECRET\`、\`WEIXIN_PAY_V3_KEY\`、\`WEIXIN_PAY_KEY\`、\`ALIPAY_AES_KEY\`）签名、且不超过 5 分钟的请求才会得到应答；对其他人来说，该地址不存在。

## 检查内容
`,
    columns: '| 发现 | 级别 | 说明 | 处理 |',
    common: '任何检查都可能以下列结果代替',
    levels: { error: '错误', warn: '警告', skipped: '跳过', ok: '正常' },
  },
} as const

/** The pages about the doctor, by their paths below the root. */
export const doctorPages = (): Map<string, string> =>
  new Map([
    ['docs/doctor.md', page('en')],
    ['docs/doctor.zh-CN.md', page('zh')],
  ])

function page(language: Language): string {
  const say = pageTexts[language]
  const sections = checks.map(
    ({ id, title, remarks }) => `### \`${id}\`\n\n${title[language]}\n\n${table(remarks, language)}`,
  )
  return `${say.intro}\n${sections.join('\n')}\n### ${say.common}\n\n${table(skippedRemarks, language)}`
}

/** The gravest first. */
function table(remarks: Remarks, language: Language): string {
  const say = pageTexts[language]
  const rows = levels.flatMap((level) =>
    Object.entries(remarks)
      .filter(([, remark]) => remark.level === level)
      .map(([code, { what, mend }]) =>
        ['', `\`${code}\``, say.levels[level], cell(what[language]), cell(mend?.[language] ?? ''), ''].join(
          ' | ',
        ),
      ),
  )
  return `${say.columns}\n|---|---|---|---|\n${rows.map((row) => row.trim()).join('\n')}\n`
}

/** `<name>` would be taken for HTML, and a bar for the end of the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
