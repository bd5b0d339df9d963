import type { SessionRecord } from '../../../shared/store/index.js'
import { NOW } from './records.js'
import { atOnce, type Part } from './subject.js'

const session: SessionRecord = {
  tokenHash: 'hash',
  provider: 'weixin',
  appId: 'wx0123456789abcdef',
  openid: 'o1',
  sessionKey: 'c2Vzc2lvbg==',
  createdAt: NOW,
  expiresAt: NOW + 1000,
}

export const sessions: Part = async (t, { stores: [{ sessions }] }) => {
  t.equal(await sessions.find('hash', NOW), undefined)
  await sessions.put({ ...session, unionid: undefined })
  t.strictSame(await sessions.find('hash', NOW + 999), session, 'what is undefined is absent')
  t.equal(await sessions.find('hash', NOW + 1000), undefined, 'it ends')
  await sessions.remove('hash')
  t.equal(await sessions.find('hash', NOW), undefined)
  await sessions.remove('hash')
}

export const counters: Part = async (t, subject) => {
  const [{ counters }] = subject.stores
  const end = NOW + 60_000
  t.same([await counters.hit('u', end), await counters.hit('u', end)], [1, 2])
  t.equal(await counters.hit('u', end + 60_000), 1, 'each window counts by itself')
  t.equal(await counters.hit('v', end), 1, 'and each key')

  await counters.takeBack('v', end)
  t.same(
    [await counters.hit('v', end), await counters.hit('v', end)],
    [1, 2],
    'what was taken back is not there',
  )
  await counters.takeBack('never counted', end)
  t.equal(await counters.hit('never counted', end), 1)

  const answers = await atOnce(subject, 200, ({ counters }) => counters.hit('w', end))
  t.equal(Math.max(...answers), 200, 'no use is left out')
  const tooLow = [...answers].sort((one, other) => one - other).filter((answer, index) => answer < index + 1)
  t.same(tooLow, [], 'nor missing from the answers of those after it')
}

export const codes: Part = async (t, { stores: [{ codes }] }) => {
  const code = { key: 'k', contentType: 'image/png', base64: 'iVBORw0=', expiresAt: NOW + 10 }
  t.equal(await codes.find('k', NOW), undefined)
  await codes.put(code)
  t.strictSame(await codes.find('k', NOW), code)
  t.equal(await codes.find('k', NOW + 10), undefined, 'it ends')
  const later = { ...code, base64: 'R0lGODlh', expiresAt: NOW + 20 }
  await codes.put(later)
  t.strictSame(await codes.find('k', NOW + 10), later, 'a new one takes its place')
}

export const certificates: Part = async (t, { stores: [{ certificates }] }) => {
  const certificate = (serial: string, merchantId = 'm') => ({
    ...{ provider: 'weixin-v3', merchantId, serial, pem: 'PEM' },
    ...{ notBefore: NOW, notAfter: NOW + 1 },
  })
  t.same(await certificates.list('weixin-v3', 'm'), [])
  for (const one of [certificate('1'), certificate('2'), certificate('1', 'n')]) await certificates.put(one)
  await certificates.put({ ...certificate('2'), pem: 'NEW' })
  const found = await certificates.list('weixin-v3', 'm')
  t.same(
    found.sort((one, other) => one.serial.localeCompare(other.serial)),
    [certificate('1'), { ...certificate('2'), pem: 'NEW' }],
  )
}

/** What is learned of an account first stands, and is none of its certificates. */
export const accounts: Part = async (t, { stores: [one, other = one] }) => {
  const account = { provider: 'alipay', merchantId: 'm', sellerId: '2088000000000001', learnedAt: NOW }
  t.equal(await one.accounts.find('alipay', 'm'), undefined)
  t.same(await one.accounts.learn(account), account)
  t.same(await other.accounts.learn({ ...account, sellerId: '2088000000000002' }), account)
  t.same(await other.accounts.find('alipay', 'm'), account)
  t.equal(await one.accounts.find('alipay', 'n'), undefined)
  t.same(await one.certificates.list('alipay', 'm'), [])
}
