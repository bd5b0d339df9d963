import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { serverFunction } from '../../shared/runtime/index.js'
import { code2Session } from '../../shared/weixin/apis/auth.js'
import { inDeployment } from './deployment.js'

t.test('an answer that names no user logs nobody in', async (t) => {
  let login: object = {}
  const server = createServer((_request, response) => response.end(JSON.stringify(login)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const weixin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { main } = serverFunction(code2Session)
  // Orders without a payer have no openid either: whoever had none would own them all.
  for (const openid of [undefined, null, '', {}, [], true]) {
    login = { openid, session_key: 'tiihtNczf5v6AKRyjwEUhQ==' }
    const answer = await inDeployment(
      { weixin },
      () => main({ code: 'x' }, { SOURCE: 'function' }) as Promise<object>,
    )
    t.match(answer, { errCode: 'UPSTREAM_INVALID' }, JSON.stringify(login))
  }
  login = { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', session_key: 'x' }
  t.match(await inDeployment({ weixin }, () => main({ code: 'x' }, { SOURCE: 'function' })), { errCode: 0 })
})
