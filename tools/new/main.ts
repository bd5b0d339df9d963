import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { functionName } from '../../shared/operation/index.js'
import { declared, isInLibrary } from './declared.js'
import { firstExample } from './example.js'

/**
 * `npm run new <dotted.name>`: makes the folder of an API that is declared, or shows the entry to declare first.
 */
const [dotted] = process.argv.slice(2)
if (!dotted || !/^[a-z]\w*(\.[a-zA-Z]\w*)+$/.test(dotted)) {
  console.error('usage: npm run new <dotted.name>, such as npm run new wxacode.getUnlimited')
  process.exit(1)
}

const namespace = dotted.split('.')[0] ?? ''
const declaration = await declared(dotted)
if (!declaration) {
  console.log(`Declare it first, in shared/weixin/${namespace}.ts (its neighbours show the vocabulary):

import * as v from 'valibot'
import { object, optional } from '../operation/fields.js'
import { json } from './answer.js'
import { weixinApi } from './api.js'
import { openid, pagePath } from './fields.js'

export const ${dotted.slice(dotted.lastIndexOf('.') + 1)} = weixinApi('${dotted}', {
  doc: 'https://developers.weixin.qq.com/...',
  title: { en: 'what it does', zh: '它做什么' },
  post: '/wxa/...',
  input: object({ openid, page: optional(pagePath) }),
  output: json(v.object({ result: v.string() })),
  repeat: 'safe',
  reach: 'server',
})

Where \`reach\` lets clients in, \`ownOpenid: 'openid'\` has the openid be that of the login. An API of Alipay's is
declared in shared/alipay/ by alipayApi, as acode.ts there shows.

Then run this again: npm run new ${dotted}`)
  process.exit(1)
}

const { platform, file, exported, operation } = declaration
const folder = join('functions', functionName(dotted))
if (existsSync(folder)) {
  console.error(`${folder} is there already`)
  process.exit(1)
}

const maker = operation.reach === 'server' ? 'serverFunction' : 'cloudFunction'
mkdirSync(folder)
writeFileSync(
  join(folder, 'index.ts'),
  `import { ${maker} } from '../../shared/runtime/index.js'
import { ${exported} } from '../../shared/${platform}/${file}.js'

export const { main, handler, config } = ${maker}(${exported})
`,
)
const example = firstExample(operation)
writeFileSync(join(folder, 'example.json'), `${JSON.stringify(example, null, 2)}\n`)
console.log(`made ${folder}`)
if (!isInLibrary(dotted, platform)) {
  console.log(`Add to shared/${platform}/index.ts, where the library's methods come from:

export * as ${namespace} from './${file}.js'
`)
}
console.log(`Fill in ${join(folder, 'example.json')}: an input, the request it must cause, the reply, the output, what is refused.
Then: npm run docs && npm test`)
