import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { functionName } from '../../shared/operation/index.js'

/**
 * `npm run new <dotted.name>`: makes the folder of a WeChat API that is declared, or shows the entry to declare first.
 */
const [dotted] = process.argv.slice(2)
if (!dotted || !/^[a-z]\w*(\.[a-zA-Z]\w*)+$/.test(dotted)) {
  console.error('usage: npm run new <dotted.name>, such as npm run new wxacode.getUnlimited')
  process.exit(1)
}

const method = dotted.slice(dotted.lastIndexOf('.') + 1)
const namespace = dotted.split('.')[0] ?? ''
const declaration = join('shared', 'weixin', `${namespace}.ts`)

const entry = `
export const ${method} = weixinApi('${dotted}', {
  doc: 'https://developers.weixin.qq.com/...',
  title: { en: 'what it does', zh: '它做什么' },
  post: '/wxa/...',
  input: object({ openid, page: optional(pagePath) }),
  output: json(v.object({ result: v.string() })),
  repeat: 'safe',
  reach: 'never',
})
`

const isDeclared = existsSync(declaration) && readFileSync(declaration, 'utf8').includes(`'${dotted}'`)
if (!isDeclared) {
  console.log(`Declare it first, in ${declaration} (its neighbours show the vocabulary):\n${entry}`)
  console.log(`Then run this again: npm run new ${dotted}`)
  process.exit(1)
}

const name = functionName(dotted)
const folder = join('functions', name)
if (existsSync(folder)) {
  console.error(`${folder} is there already`)
  process.exit(1)
}

const isOpenToClients = new RegExp(`'${dotted}'[\\s\\S]*?reach: '(client|widenable)'`).test(
  readFileSync(declaration, 'utf8')
    .split(/\nexport const /)
    .find((each) => each.includes(`'${dotted}'`)) ?? '',
)
const maker = isOpenToClients ? 'cloudFunction' : 'serverFunction'
mkdirSync(folder)
writeFileSync(
  join(folder, 'index.ts'),
  `import { ${maker} } from '../../shared/runtime/index.js'
import { ${method} } from '../../shared/weixin/${namespace}.js'

export const { main, handler, config } = ${maker}(${method})
`,
)
const example = {
  as: isOpenToClients ? 'client' : 'server',
  ...(isOpenToClients ? { session: true } : {}),
  input: {},
  upstream: [
    {
      request: { method: 'POST', path: '/wxa/...', contentType: 'application/json', body: {} },
      reply: { contentType: 'application/json', body: { errcode: 0, errmsg: 'ok' } },
    },
  ],
  output: {},
  refused: [{ input: {}, errCode: 'INVALID_PARAM', field: 'openid' }],
}
writeFileSync(join(folder, 'example.json'), `${JSON.stringify(example, null, 2)}\n`)
console.log(`made ${folder}
Fill in ${join(folder, 'example.json')}: an input, the request it must cause, the reply, the output, what is refused.
Then: npm run docs && npm test`)
