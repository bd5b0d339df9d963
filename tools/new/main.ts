import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { functionName } from '../../shared/operation/index.js'
import { argumentsOf, commands, WRONG_ARGUMENTS } from '../command/index.js'
import { declared } from './declared.js'
import { declarationOf, firstExample } from './templates.js'

/**
 * `npm run new <dotted.name>`: makes the folder of an API that is declared, or shows the entry to declare first.
 */
const [dotted] = argumentsOf('new').words
if (!dotted || !/^[a-z]\w*(\.[a-zA-Z]\w*)+$/.test(dotted)) {
  console.error(commands.new.usage)
  process.exit(WRONG_ARGUMENTS)
}

const namespace = dotted.split('.')[0] ?? ''
const declaration = await declared(dotted)
if (!declaration) {
  console.log(`Declare it first, in shared/weixin/apis/${namespace}.ts (its neighbours show the vocabulary):

${declarationOf(dotted)}
Where \`reach\` lets clients in, \`ownOpenid: 'openid'\` has the openid be that of the login. An API of Alipay's is
declared in shared/alipay/apis/ by alipayApi, as acode.ts there shows.

Then run this again: npm run new ${dotted}`)
  process.exit(1)
}

const { module, exported, operation } = declaration
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
import { ${exported} } from '../../${module}.js'

export const { main, handler, config } = ${maker}(${exported})
`,
)
const example = firstExample(operation)
writeFileSync(join(folder, 'example.json'), `${JSON.stringify(example, null, 2)}\n`)
console.log(`made ${folder}`)
console.log(`Fill in ${join(folder, 'example.json')}: an input, the request it must cause, the reply, the output, what is refused.
Then: npm run generate && npm run docs && npm test`)
