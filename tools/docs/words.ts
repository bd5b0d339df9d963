/** The words of the generated pages, in both languages. */
export const words = {
  en: {
    title: 'Functions',
    intro:
      'Made from the declarations and examples by `npm run docs`; do not edit. One JSON schema per function stands in `docs/schemas/`.\n\nClients send the `sessionToken` that `authCode2Session` answered along with the parameters, or, to functions without a parameter of that name, a fresh `code`; servers send neither. [client.md](client.md) tells them apart, and from `payToken`.',
    other: '[简体中文](api.zh-CN.md)',
    groups: { core: 'Core', weixin: 'WeChat', alipay: 'Alipay', payment: 'Payments' },
    library: 'Library',
    reach: 'Who may call',
    official: 'Official page',
    parameters: 'parameter | type | required | what it is',
    results: 'result | type | always there | what it is',
    none: 'No parameters.',
    yes: 'yes',
    example: 'Example',
    errors: 'code | meaning here | advice',
    reaches: {
      client: 'clients that are logged in, and servers',
      widenable: 'servers; clients where `OPENAPI_CLIENT_FUNCTIONS` names it',
      never: 'servers only',
      callback: 'the provider, by URL',
    },
    errorsTitle: 'Error codes',
    errorsIntro:
      "WeChat's codes as the runtime explains them, made by `npm run docs`. An error keeps WeChat's number in `errCode`, and says in `advice` what to do. Codes that are not here pass through with WeChat's own text and its request id in `rid`.",
    errorsOther: '[简体中文](errors.zh-CN.md)',
    later: 'later',
    errorColumns: 'code | meaning | advice | repeat is safe',
  },
  zh: {
    title: '函数一览',
    intro:
      '由 `npm run docs` 根据声明与示例生成，请勿手工修改。每个函数的 JSON schema 位于 `docs/schemas/`。\n\n客户端调用时，除参数外还要带 `authCode2Session` 返回的 `sessionToken`，函数没有名为 `code` 的参数时也可以带一个新的 `code`；服务端都不带。它们与 `payToken` 的区别见 [client.zh-CN.md](client.zh-CN.md)。',
    other: '[English](api.md)',
    groups: { core: '基础', weixin: '微信', alipay: '支付宝', payment: '支付' },
    library: '库方法',
    reach: '调用者',
    official: '官方文档',
    parameters: '参数 | 类型 | 必填 | 说明',
    results: '返回值 | 类型 | 必有 | 说明',
    none: '无参数。',
    yes: '是',
    example: '示例',
    errors: '错误码 | 在此处的含义 | 建议',
    reaches: {
      client: '已登录的客户端，以及服务端',
      widenable: '服务端；`OPENAPI_CLIENT_FUNCTIONS` 列出时也允许客户端',
      never: '仅服务端',
      callback: '支付平台，通过 URL 调用',
    },
    errorsTitle: '错误码',
    errorsIntro:
      '运行时对微信错误码的解释，由 `npm run docs` 生成。错误的 `errCode` 保留微信的编号，`advice` 给出处理建议。表中没有的错误码原样透传微信的文字，`rid` 为请求编号。',
    errorsOther: '[English](errors.md)',
    later: '稍后',
    errorColumns: '错误码 | 含义 | 建议 | 可安全重试',
    advice: {
      retry: '重试',
      refresh: '刷新凭证后重试',
      wait: '稍后再试',
      'fix the request': '修改参数',
      'fix the settings': '检查配置',
      'ask the user': '请用户操作',
      'contact the provider': '联系平台',
    },
  },
} as const

export type Language = keyof typeof words
