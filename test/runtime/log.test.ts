import t from 'tap'
import { cloudFunction } from '../../shared/runtime/index.js'
import { probe, withHost } from './probe.js'

/** The log lines of a call in which something goes wrong with these words. */
async function loggedAbout(text: string, env: Record<string, string> = {}): Promise<string> {
  const operation = probe({
    settings: ['WEIXIN_PAY_PRIVATE_KEY', 'WEIXIN_MERCHANTS'],
    run: async () => {
      throw new Error('unexpected', { cause: new Error(text) })
    },
  })
  return withHost({ env }, async (log) => {
    await cloudFunction(operation).main({}, { SOURCE: 'client' })
    return log.join('\n')
  })
}

t.test('a secret of several lines is hidden in an error, though JSON writes it otherwise', async (t) => {
  const key = 'MIIEvQIBADANBg\nkqhkiG9w0BAQEF\n"AASCBKcwggSj\\'
  const log = await loggedAbout(`cannot open '${key}'`, { WEIXIN_PAY_PRIVATE_KEY: key })
  t.match(log, /cannot open/)
  t.notMatch(log, /MIIEvQ|kqhkiG|AASCBK/)
})

t.test('a secret in a list of accounts is hidden where it stands alone', async (t) => {
  const v3 = { key: 'v3keyv3keyv3keyv', privateKey: 'MIIEvQ\nIBADAN', serialNo: '0123456789ABCDEF' }
  const merchant = { mchId: '1900000109', key: 'thepaykeyofthemerchant', v3 }
  const text = `${merchant.key} ${v3.key} ${v3.privateKey} of ${merchant.mchId} ${v3.serialNo}`
  const log = await loggedAbout(text, { WEIXIN_MERCHANTS: JSON.stringify([merchant]) })
  t.notMatch(log, /thepaykey|v3key|MIIEvQ|IBADAN/)
  t.match(log, /of 1900000109 0123456789ABCDEF/, 'who it was about may be read')
})

t.test(
  'what stands for a login, of the merchant or of a user, is hidden under every name of it',
  async (t) => {
    const names = ['app_auth_token', 'appAuthToken', 'refresh_token', 'refreshToken', 'auth_code', 'authCode']
    const secret = '202601BBf2ee1e9e4e0b4b'
    for (const name of [...names, 'accessToken', 'app_refresh_token', 'auth_token']) {
      for (const text of [
        `a=1&${name}=${secret}&b=2`,
        JSON.stringify({ [name]: secret }),
        `${name}: ${secret}`,
      ]) {
        t.notMatch(await loggedAbout(`refused: ${text}`), secret, text)
      }
    }
    const signed = `the text was: app_id=2&charset=utf-8&code=${secret}&grant_type=authorization_code`
    t.notMatch(await loggedAbout(signed), secret)
    t.match(await loggedAbout('errcode: 40001, code 41030'), /errcode: 40001, code 41030/)
  },
)

t.test('credentials in an answer that an error repeats are hidden', async (t) => {
  const said = JSON.stringify({ access_token: '57_abcdef', session_key: 'tiihtNczf5v6AKRyjwEUhQ==' })
  for (const text of [said, JSON.stringify({ said }), 'session_key=tiihtNczf5v6&access_token=57_abcdef']) {
    t.notMatch(await loggedAbout(`no JSON: ${text}`), /57_abcdef|tiihtNczf5v6/, text)
  }
})
