import { createCipheriv } from 'node:crypto'
import t from 'tap'
import { APP_ID, inDeployment, NOW } from './deployment.js'
import { importFunction } from './examples.js'

/** A client says which number is its own; only WeChat's seal, under the key of the client's own login, says so too. */

const { main } = await importFunction('decryptGetPhoneNumber')

const key = Buffer.alloc(16, 1)
const iv = Buffer.alloc(16, 2)
const text = JSON.stringify({
  phoneNumber: '13900000000',
  purePhoneNumber: '13900000000',
  countryCode: '86',
  watermark: { timestamp: NOW / 1000, appid: APP_ID },
})
const cipher = createCipheriv('aes-128-cbc', key, iv)
const input = {
  encryptedData: Buffer.concat([cipher.update(text), cipher.final()]).toString('base64'),
  iv: iv.toString('base64'),
  sessionKey: key.toString('base64'),
}

t.test('a client cannot seal a number with a key that it brings along', async (t) => {
  const nowhere = { weixin: 'http://127.0.0.1:9' }
  const answer = await inDeployment(nowhere, async (logIn) =>
    main({ ...input, sessionToken: await logIn() }, { SOURCE: 'client' }),
  )
  t.match(answer, { errCode: 'DECRYPTION_FAILED' })
  t.notMatch(JSON.stringify(answer), /13900000000/)
  const byData = await inDeployment(nowhere, () => main(input, { SOURCE: 'function' }))
  t.match(
    byData,
    { errCode: 0, phoneNumber: '13900000000' },
    'the same is good from a server, which has the key',
  )
})
