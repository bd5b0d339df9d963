import { LOCAL_ACCESS, LOCAL_SPACE } from '../emulator/cloud/identity.js'
import type { LocalCloud } from './cloud.js'

/** What a person needs to know once everything listens. */
export const welcome = ({ gateway, twin, kept }: LocalCloud): string => `
The local cloud is up. Ctrl+C stops it.

  functions    ${gateway}   GET / lists every function and every way in
  platforms    ${twin}   the local WeChat, WeChat Pay and Alipay; GET /twin lists what they can do
  data         ${kept}
  space        ${LOCAL_SPACE.spaceId}, clientSecret ${LOCAL_SPACE.clientSecret}
  access key   ${LOCAL_ACCESS.accessKeyId} / ${LOCAL_ACCESS.accessKeySecret}, account ${LOCAL_ACCESS.accountId}

In a uni-app project: uniCloud.init({ provider: 'aliyun', spaceId: '${LOCAL_SPACE.spaceId}',
  clientSecret: '${LOCAL_SPACE.clientSecret}', endpoint: '${gateway}' })

Try these:

  curl -X POST ${gateway}/timers/tokenRefresh
  ${debugCall(gateway, 'authCode2Session', { code: 'demo-alice' })}
  ${debugCall(gateway, 'authCode2Session', { code: 'demo-alice', platform: 'alipay' })}
  ${debugCall(gateway, 'wxacodeGet', { code: 'demo-alice', path: 'pages/index' })}

These are calls of a client, which makes no orders. A server's go through the signed API of Function Compute:
docs/deploy-fc.md shows one, and npm run demo plays a whole payment with them.
`

const debugCall = (gateway: string, name: string, param: object): string =>
  `curl ${gateway}/cloudfunctions/${name} -H 'content-type: application/json' -d '${JSON.stringify({ param })}'`
