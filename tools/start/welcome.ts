import { fcServiceOf, LOCAL_ACCESS, LOCAL_SPACE } from '../emulator/cloud/index.js'

/** What runs, as far as a person needs to know it. */
export interface Running {
  /** Addresses. */
  cloud: string
  platforms: string
  /** Where the data is, for people. */
  data: string
  /** The developer's own functions; undefined where no folder was named. */
  own: { folder: string; names: readonly string[] } | undefined
  /** An order that nobody has made yet, for the commands to make and pay, and who is to pay it. */
  order: { outTradeNo: string; openid: string }
}

const posted = (url: string, body: object): string =>
  `curl ${url} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`

const debugCall = (cloud: string, name: string, param: object): string =>
  posted(`${cloud}/cloudfunctions/${name}`, { param })

/** One line that a shell on any system takes: Alibaba's own SDK signs the call. It is among this clone's packages. */
function serverCall(cloud: string, name: string, data: Readonly<Record<string, string | number>>): string {
  const { accountId, accessKeyId, accessKeySecret } = LOCAL_ACCESS
  const literal = (fields: Readonly<Record<string, string | number>>) =>
    `{ ${Object.entries(fields)
      .map(([key, value]) => `${key}: ${typeof value === 'number' ? value : `'${value}'`}`)
      .join(', ')} }`
  const access = { accessKeyID: accessKeyId, accessKeySecret, region: 'local', endpoint: cloud }
  return (
    `node -e "new (require('@alicloud/fc2'))('${accountId}', ${literal(access)})` +
    `.invokeFunction('${fcServiceOf('payment')}', '${name}', JSON.stringify(${literal(data)}))` +
    '.then(({ data }) => console.log(String(data)))"'
  )
}

function ownLines({ own, cloud }: Running): string {
  if (!own) {
    return `
npm start -- --functions ../my-app/uniCloud-aliyun/cloudfunctions also runs your own functions, which call these by
uniCloud.callFunction.
`
  }
  const [first] = own.names
  if (first === undefined) return `\nNo function of ${own.folder} is yours alone: all are built here.\n`
  return `
Your own functions, from ${own.folder}: ${own.names.join(', ')}. Changed files are loaded again at the next call.

  ${debugCall(cloud, first, {})}
`
}

/** What a person needs to know once everything listens. */
export function welcome(running: Running): string {
  const { cloud, platforms, data, order } = running
  const { outTradeNo, openid } = order
  return `
The local cloud is up. Ctrl+C stops it.

  functions    ${cloud}   GET / lists every function and every way in
  platforms    ${platforms}   the local WeChat, WeChat Pay and Alipay; GET /twin lists what they can do
  data         ${data}
  space        ${LOCAL_SPACE.spaceId}, clientSecret ${LOCAL_SPACE.clientSecret}
  access key   ${LOCAL_ACCESS.accessKeyId} / ${LOCAL_ACCESS.accessKeySecret}, account ${LOCAL_ACCESS.accountId}

In a uni-app project: const space = uniCloud.init({ provider: 'aliyun', spaceId: '${LOCAL_SPACE.spaceId}',
  clientSecret: '${LOCAL_SPACE.clientSecret}', endpoint: '${cloud}' })
  Call by what it returns, space.callFunction(...): the global uniCloud stays with the project's own space. For the
  typed client: clientOver(async (name, data) => (await space.callFunction({ name, data })).result), docs/client.md.

Try these:

  curl -X POST ${cloud}/timers/tokenRefresh
  ${debugCall(cloud, 'authCode2Session', { code: 'demo-alice' })}
  ${debugCall(cloud, 'authCode2Session', { code: 'demo-alice', platform: 'alipay' })}
  ${debugCall(cloud, 'wxacodeGet', { code: 'demo-alice', path: 'pages/index' })}

These are calls of a client, which makes no orders. A server makes them, by the signed API of Function Compute
(docs/deploy-fc.md); then Alice's phone asks for what it needs to pay, WeChat Pay takes the money, and her phone asks how
the order stands. The first of these from this folder:

  ${serverCall(cloud, 'createOrder', { outTradeNo, totalFee: 1999, body: 'Oolong tea, 50 g', openid })}
  ${debugCall(cloud, 'getOrderInfo', { code: 'demo-alice', outTradeNo })}
  ${posted(`${platforms}/twin/pay`, { order: outTradeNo })}
  ${debugCall(cloud, 'orderQuery', { code: 'demo-alice', outTradeNo })}
${ownLines(running)}`
}
