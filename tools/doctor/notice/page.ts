import { type Cause, causes, proxy, remedyOf } from '../../../shared/diagnosis/causes.js'
import type { Language } from '../command.js'

/** A notice whose `attach` a filter has escaped, and the key that it was signed with. */
const example = `\`\`\`ini
WEIXIN_APP_ID=wx0123456789abcdef
WEIXIN_MCH_ID=1900000109
WEIXIN_PAY_KEY=192006250b4c09247ec02edce69f6a2d
\`\`\`

\`\`\`http
POST /pay/verifyPaymentNotify/weixin-v2/1900000109 HTTP/1.1
Content-Type: text/xml

<xml><return_code>SUCCESS</return_code>
<result_code>SUCCESS</result_code>
<appid>wx0123456789abcdef</appid>
<mch_id>1900000109</mch_id>
<nonce_str>5d2b6c2a8db53831</nonce_str>
<openid>oAlice</openid>
<transaction_id>4200001234202601311234567890</transaction_id>
<out_trade_no>T20260131</out_trade_no>
<total_fee>1999</total_fee>
<attach><![CDATA[{&quot;table&quot;:7}]]></attach>
<time_end>20260131120000</time_end>
<sign>10D2EBBBFE0396D669B3DBA9BCEAA1A2</sign></xml>
\`\`\`

\`\`\`text en
weixin-v2, merchant 1900000109
✗ it does not verify: its signature is wrong
  Why: HTML entities
  Do: a filter against scripts escapes the text: leave the notify address out of it
\`\`\`

\`\`\`text zh
weixin-v2，商户 1900000109
✗ 验签不通过：签名不正确
  原因：HTML entities
  处理：防 XSS 过滤器转义了内容：请对通知地址关闭过滤
\`\`\``

const commands = `\`\`\`sh
npm run doctor -- notice callback.txt
npm run doctor -- notice --at 2026-01-31T12:00:00+08:00 callback.txt
npm run doctor -- notice --stage prod --lang zh refused.json
npm run --silent doctor -- notice < callback.txt
\`\`\``

/** What the pages say beside their table. */
const pageTexts = {
  en: {
    intro: `# Why a message does not verify

[简体中文](diagnosis.zh-CN.md)

The table is made from the causes by \`npm run docs\`; the words around it stand in \`tools/doctor/notice/page.ts\`.

A callback that does not verify was either forged, or changed on its way, or is held against the wrong key. The diagnosis tries what usually happens on the way, names what would have verified, and says what to change. It does so in three places, and never in the reply.

- Of a refused callback: in the log line of \`verifyPaymentNotify\` and \`verifyRefundNotify\`, under \`payment.noticeRefused\`, as \`finding\` and \`remedy\`.
- Of an answer of WeChat Pay or Alipay that does not verify (\`UNVERIFIED_ANSWER\`): in the log line of the function, at the call under \`upstream\`. The library has both in the error's \`cause\`.
- Of a callback that you captured, anywhere: on your machine, with \`npm run doctor -- notice\`.

## Capturing

- **From the store.** Refused callbacks are kept in \`openapi-refused-notices\`, accepted ones in \`openapi-notices\`. Save a document as JSON, or its \`evidence\` alone; of several documents, one a line, the last is taken. Where it begins with \`sealed:\`, \`EVIDENCE_KEY\` has to be in the settings.
- **From the wire.** Save the HTTP text: request line, headers, an empty line, body. For \`weixin-v2\` and \`alipay\` the body alone will do; \`weixin-v3\` signs by its \`Wechatpay-\` headers.

Save bytes, not what a viewer makes of them: copying from a page or a pretty-printed log changes the body once more. One line end at the end of the file is taken for the editor's, unless \`Content-Length\` counts it.

## Running

${commands}

Settings are read as [the doctor](doctor.md) reads them; without a file, standard input is. Every merchant in the settings that the callback may be for is tried. Nothing leaves this machine, except to fetch a platform certificate of WeChat Pay or a certificate of Alipay that nobody here knows. Secrets and bodies are never printed. \`npm run coroner\` is the same command under its former name. For a callback of the local platforms, which \`npm start\` starts, save what \`GET /twin/settings?provider=weixin-v3\` answers at its port, and name the file with \`--env\`.

| option | what it does |
|---|---|
| \`--at <time>\` | when it came, as an ISO date or in milliseconds; without it the time of \`weixin-v3\` is not judged. Documents of the store know theirs |
| \`--lang en\\|zh\` | the language; by default the shell's |
| \`--stage <name>\` | reads \`.env\` and \`.env.<name>\`, then the shell's environment; \`dev\` by default |
| \`--env <file>\` | reads this file instead: like \`.env\`, or a JSON object such as uni-config-center's \`config.json\` |

It exits with 0 when the callback verifies, with 1 when it does not, and with 2 when it was called wrongly or no merchant in the settings could be meant.

## An example

These settings, and this callback:

${example}

## What it finds

A call is what came to your address, an answer what came back to your request.
`,
    columns: '| finding | what to do, of a call | what to do, of an answer |',
    same: 'the same',
    proxy: 'a proxy',
    legend: '**A proxy**: ',
  },
  zh: {
    intro: `# 验签诊断

[English](diagnosis.md)

下面的表由 \`npm run docs\` 根据原因清单生成；其余文字位于 \`tools/doctor/notice/page.ts\`。

验签不通过的回调，要么是伪造的，要么在途中被改动，要么使用了错误的密钥。验签诊断会逐一尝试常见的改动，指出哪一种还原后可以通过验签，以及应当如何修改。结果出现在三个地方，但从不写入应答。

- 被拒绝的回调：\`verifyPaymentNotify\` 与 \`verifyRefundNotify\` 日志中 \`payment.noticeRefused\` 的 \`finding\` 与 \`remedy\`。
- 微信支付或支付宝的应答验签失败（\`UNVERIFIED_ANSWER\`）：函数日志中 \`upstream\` 里对应的那次调用。使用库时，二者位于错误的 \`cause\`。
- 您自己截取的任意回调：在本机运行 \`npm run doctor -- notice\`。

## 截取回调

- **从存储中取。** 被拒绝的回调保存在 \`openapi-refused-notices\`，被接受的保存在 \`openapi-notices\`。将文档存为 JSON，或只保存其 \`evidence\`；若有多个文档且每行一个，取最后一个。若以 \`sealed:\` 开头，配置中需要有 \`EVIDENCE_KEY\`。
- **从网络上取。** 保存 HTTP 原文：请求行、请求头、空行、请求体。\`weixin-v2\` 与 \`alipay\` 只需请求体；\`weixin-v3\` 的签名依赖 \`Wechatpay-\` 请求头。

请保存原始字节，不要保存查看工具显示的内容：从网页或格式化后的日志复制会再次改动请求体。文件末尾的一个换行视为编辑器所加，除非 \`Content-Length\` 已把它计算在内。

## 运行

${commands}

配置的读取方式与[诊断工具](doctor.zh-CN.md)相同；不给文件时读取标准输入。配置中所有可能对应的商户都会被尝试。除了下载本地未知的微信支付平台证书或支付宝证书之外，没有任何内容离开本机。密钥与请求体从不输出。\`npm run coroner\` 是该命令的旧名称。若回调来自本地模拟平台（由 \`npm start\` 启动），请将其端口上 \`GET /twin/settings?provider=weixin-v3\` 的应答存为文件，并用 \`--env\` 指定。

| 选项 | 作用 |
|---|---|
| \`--at <time>\` | 到达时间，ISO 日期或毫秒；不给时不检查 \`weixin-v3\` 的时间。存储中的文档自带时间 |
| \`--lang en\\|zh\` | 语言；默认取自 shell |
| \`--stage <name>\` | 读取 \`.env\` 与 \`.env.<name>\`，再读取 shell 环境变量；默认 \`dev\` |
| \`--env <file>\` | 改为读取该文件：\`.env\` 格式，或 JSON 对象，例如 uni-config-center 的 \`config.json\` |

验签通过时退出码为 0，不通过为 1，用法有误或配置中没有对应的商户为 2。

## 示例

以下配置与以下回调：

${example}

## 诊断结果

“回调”指发到您地址的请求，“应答”指对您请求的返回。
`,
    columns: '| 结果 | 回调的处理 | 应答的处理 |',
    same: '同左',
    proxy: '代理',
    legend: '**代理**：',
  },
} as const

/** The pages about the diagnosis, by their paths below the root. */
export const diagnosisPages = (): Map<string, string> =>
  new Map([
    ['docs/diagnosis.md', page('en')],
    ['docs/diagnosis.zh-CN.md', page('zh')],
  ])

function page(language: Language): string {
  const { intro, columns, same, ...say } = pageTexts[language]
  const rows = (Object.keys(causes) as Cause[]).map((cause) => {
    const call = remedyOf({ cause }, 'notice')[language]
    const answer = remedyOf({ cause }, 'answer')[language]
    const known = new Map([
      [call, same],
      [proxy[language], say.proxy],
    ])
    return `| \`${cause}\` | ${call} | ${known.get(answer) ?? answer} |`
  })
  return `${intro}\n${columns}\n|---|---|---|\n${rows.join('\n')}\n\n${say.legend}${proxy[language]}\n`
}
