import { LOCAL_ACCESS, LOCAL_SPACE } from '../emulator/cloud/identity.js'
import type { LocalCloud } from './cloud.js'

/** What a person needs to know once everything listens. */
export const welcome = ({ cloud, platforms, kept }: LocalCloud): string => `
The local cloud is up. Ctrl+C stops it.

  functions    ${cloud}   GET / lists every function and every way in
  platforms    ${platforms}   the local WeChat, WeChat Pay and Alipay; GET /twin lists what they can do
  data         ${kept}
  space        ${LOCAL_SPACE.spaceId}, clientSecret ${LOCAL_SPACE.clientSecret}
  access key   ${LOCAL_ACCESS.accessKeyId} / ${LOCAL_ACCESS.accessKeySecret}, account ${LOCAL_ACCESS.accountId}

In a uni-app project: uniCloud.init({ provider: 'aliyun', spaceId: '${LOCAL_SPACE.spaceId}',
  clientSecret: '${LOCAL_SPACE.clientSecret}', endpoint: '${cloud}' })

Try these:

  curl -X POST ${cloud}/timers/tokenRefresh
  ${debugCall(cloud, 'authCode2Session', { code: 'demo-alice' })}
  ${debugCall(cloud, 'authCode2Session', { code: 'demo-alice', platform: 'alipay' })}
  ${debugCall(cloud, 'wxacodeGet', { code: 'demo-alice', path: 'pages/index' })}

These are calls of a client, which makes no orders. A server's go through the signed API of Function Compute:
docs/deploy-fc.md shows one, and npm run demo plays a whole payment with them.
`

const debugCall = (cloud: string, name: string, param: object): string =>
  `curl ${cloud}/cloudfunctions/${name} -H 'content-type: application/json' -d '${JSON.stringify({ param })}'`
