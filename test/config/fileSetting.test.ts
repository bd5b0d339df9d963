import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fileText } from '../../shared/config/fileSetting.js'
import { explain } from '../../shared/runtime/log.js'

const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----'

t.test('a key as PEM, as base64 of PEM, and as a path', async (t) => {
  const file = join(t.testdir(), 'key.pem')
  writeFileSync(file, PEM)
  const long = `${PEM}\n${'#'.repeat(100)}`
  t.equal(fileText('WEIXIN_PAY_PRIVATE_KEY', ` ${PEM}\n`), PEM)
  t.equal(fileText('WEIXIN_PAY_PRIVATE_KEY', Buffer.from(long).toString('base64')), long)
  t.equal(fileText('WEIXIN_PAY_PRIVATE_KEY', file), PEM)
})

t.test(
  'what is none of them may be a key that was copied badly, and stays out of errors and logs',
  async (t) => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'.repeat(8)
    const broken = [
      `"${body}-"`,
      `${body.slice(0, 9)}\u200b${body}-`,
      `"${body.slice(0, 64)}\n${body}|"`,
      `${body}!`.repeat(20),
      `${body}\0`,
    ]
    for (const value of broken) {
      try {
        fileText('WEIXIN_PAY_PRIVATE_KEY', value)
        t.fail('read')
      } catch (error) {
        t.match(error, {
          errCode: 'INVALID_SETTING',
          errMsg: /^WEIXIN_PAY_PRIVATE_KEY: .*\((E[A-Z]+|ERR_\w+)\)/,
        })
        t.notMatch(explain(error), /MIIEv/)
      }
    }
  },
)
