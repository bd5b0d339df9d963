import t from 'tap'
import { startLocalPlatforms } from '../../../../tools/emulator/platforms/index.js'

/** What depends on a console at WeChat: quotas, allow-lists. */

t.test('quotas are told by what was counted, and an address can be refused', async (t) => {
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  const { appId, secret } = platforms.app
  const post = async (path: string, body: object) =>
    (await (
      await fetch(`${platforms.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    ).json()) as Record<string, unknown>
  const login = { grant_type: 'client_credential', appid: appId, secret }
  const { access_token: token } = await post('/cgi-bin/stable_token', login)
  await post('/cgi-bin/stable_token', login)
  const asked = `/cgi-bin/openapi/quota/get?access_token=${token}`
  const quota = (path: string) => post(asked, { cgi_path: path })
  t.match(await quota('/cgi-bin/stable_token'), {
    quota: { daily_limit: 500_000, used: 2, remain: 499_998 },
  })
  t.match(await quota('/cgi-bin/nothing'), { errcode: 76021 })
  t.match(await post('/cgi-bin/openapi/quota/get?access_token=x', {}), { errcode: 40001 })

  platforms.faults.next('auth.getStableAccessToken', 'unlisted-address')
  const refused = await post('/cgi-bin/stable_token', login)
  t.equal(refused.errcode, 40164)
  t.match(refused.errmsg, /^invalid ip 203\.0\.113\.9 .* not in whitelist/)
  t.match(await post('/cgi-bin/stable_token', login), { access_token: token }, 'the next call comes right')
})
