import jpeg from 'jpeg-js'
import qrReader from 'jsqr'
import { PNG } from 'pngjs'
import t, { type Test } from 'tap'
import { type LocalPlatforms, startLocalPlatforms } from '../../../../tools/emulator/platforms/index.js'
import { handClock } from '../../../support/clock.js'
import { exampleOf } from '../../../weixin/examples.js'

/** What the functions declare: fields are checked, and what one call changes the next one sees. */

type Json = Record<string, unknown>

interface Room {
  platforms: LocalPlatforms
  clock: ReturnType<typeof handClock>
  raw(path: string, body: object): Promise<Response>
  post(path: string, body: object): Promise<Json>
}

async function open(t: Test): Promise<Room> {
  const clock = handClock(() => false)
  const platforms = await startLocalPlatforms({ clock })
  t.teardown(() => platforms.close())
  const { appId: appid, secret } = platforms.app
  const login = `grant_type=client_credential&appid=${appid}&secret=${secret}`
  const token = await fetch(`${platforms.url}/cgi-bin/token?${login}`)
  const { access_token: accessToken } = (await token.json()) as Json
  const raw: Room['raw'] = (path, body) =>
    fetch(`${platforms.url}${path}?access_token=${accessToken}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
  return { platforms, clock, raw, post: async (path, body) => (await (await raw(path, body)).json()) as Json }
}

/** Its size, its type, and what a reader finds in it. */
async function read(answer: Response) {
  const type = answer.headers.get('content-type')
  const bytes = Buffer.from(await answer.arrayBuffer())
  const { width, height, data } =
    type === 'image/png' ? PNG.sync.read(bytes) : jpeg.decode(bytes, { useTArray: true })
  // A reader sees what is transparent on white paper.
  const seen = Uint8ClampedArray.from(data, (value, at) => (data[at | 3] === 0 ? 255 : value))
  const found = qrReader.default(seen, width, height)?.data
  const params = found ? Object.fromEntries(new URL(found).searchParams) : undefined
  return { type, width, height, params, alpha: data[3] }
}

t.test('codes are pictures of the asked width in which path or scene can be read', async (t) => {
  const { platforms, raw } = await open(t)
  const appid = platforms.app.appId
  t.match(await read(await raw('/wxa/getwxacode', { path: 'pages/tea?id=7', width: 280 })), {
    type: 'image/jpeg',
    width: 280,
    height: 280,
    params: { appid, page: 'pages/tea?id=7' },
  })
  const unlimited = { scene: 'a=1&b=茶'.replace('茶', '2'), page: 'pages/index', is_hyaline: true }
  t.match(
    await read(await raw('/wxa/getwxacodeunlimit', { ...unlimited, line_color: { r: 0, g: 0, b: '99' } })),
    {
      ...{ type: 'image/png', width: 430, alpha: 0 },
      params: { appid, page: 'pages/index', scene: 'a=1&b=2', env: 'release' },
    },
  )
  t.match(await read(await raw('/cgi-bin/wxaapp/createwxaqrcode', { path: 'pages/x?y=1', width: 1280 })), {
    ...{ type: 'image/jpeg', width: 1280, height: 1280 },
    params: { appid, page: 'pages/x?y=1' },
  })
  t.match(platforms.state().weixin, {
    codes: [
      { kind: 'limited', page: 'pages/tea?id=7' },
      { kind: 'unlimited', page: 'pages/index', scene: 'a=1&b=2' },
      { kind: 'square', page: 'pages/x?y=1' },
    ],
  })
})

t.test('requests are checked by the declaration, tokens and openids as everywhere', async (t) => {
  const { platforms, post } = await open(t)
  const message = { touser: platforms.openid('alice'), template_id: 'T', data: { thing1: { value: 'tea' } } }
  const path = '/cgi-bin/message/subscribe/send'
  t.match(await post(path, message), { errcode: 0, errmsg: 'ok' })
  t.match(await post(path, { ...message, template_id: undefined }), { errcode: 47001, errmsg: /templateId/ })
  t.match(await post(path, { ...message, miniprogram_state: 'x' }), {
    errcode: 47001,
    errmsg: /miniprogramState/,
  })
  t.match(await post(path, { ...message, unknown: 1 }), { errcode: 0 }, 'what nobody describes is ignored')
  t.match(await post(path, { ...message, touser: 'oNobody' }), { errcode: 40003 })
  const noToken = await fetch(`${platforms.url}${path}`, { method: 'POST', body: JSON.stringify(message) })
  t.match(await noToken.json(), { errcode: 41001 })
  platforms.faults.next('subscribeMessage.send', 'busy')
  t.match(await post(path, message), { errcode: -1 })
  t.match(await post('/wxa/nothing', {}), {
    errcode: 404,
    errmsg: /^not in the local WeChat: POST \/wxa\/nothing/,
  })
})

t.test('links are new each time, kept, and counted together', async (t) => {
  const { platforms, clock, post } = await open(t)
  const ends = Math.floor(clock.now() / 1000) + 3600
  const scheme = await post('/wxa/generatescheme', {
    jump_wxa: { path: 'pages/a', query: 'x=1' },
    ...{ is_expire: true, expire_type: 0, expire_time: ends },
  })
  t.match(scheme, { errcode: 0, openlink: /^weixin:\/\/dl\/business\/\?t=\w+$/ })
  const link = await post('/wxa/generate_urllink', { path: 'pages/b' })
  t.match(link, { errcode: 0, url_link: /^https:\/\/wxaurl\.cn\/\w+$/ })
  t.not((await post('/wxa/generate_urllink', { path: 'pages/b' })).url_link, link.url_link)
  t.match(platforms.state().weixin, {
    links: [
      { link: scheme.openlink, path: 'pages/a', query: 'x=1', until: ends * 1000 },
      { path: 'pages/b' },
    ],
  })
  t.match(await post('/wxa/generatescheme', { is_expire: true, expire_time: ends - 7200 }), {
    errcode: 47001,
  })
})

t.test('a phone number by its code, once, and by what the page decrypts', async (t) => {
  const { platforms, clock, post } = await open(t)
  const path = '/wxa/business/getuserphonenumber'
  const given = platforms.phoneNumber('alice')
  t.match(given, { code: /^\w{64}$/, encryptedData: /=$|\w$/, iv: /==$/, phoneNumber: /^138\d{8}$/ })
  t.match(await post(path, { code: given.code }), {
    phone_info: { purePhoneNumber: given.phoneNumber, watermark: { appid: platforms.app.appId } },
  })
  t.match(await post(path, { code: given.code }), { errcode: 40029 }, 'a code works once')
  const late = platforms.phoneNumber('alice')
  await clock.advance(5 * 60_000)
  t.match(await post(path, { code: late.code }), { errcode: 40029 }, 'and for five minutes')
  const { code } = exampleOf('decryptGetPhoneNumber').input
  t.match(await post(path, { code }), { errcode: 0, phone_info: { phoneNumber: '13580006666' } })
})

t.test('quotas are counted of declared APIs, too', async (t) => {
  const { post } = await open(t)
  const cgi_path = '/wxa/sec/order/is_trade_managed'
  const quota = () => post('/cgi-bin/openapi/quota/get', { cgi_path })
  t.match(await quota(), { quota: { daily_limit: 1_000_000, used: 0 } })
  t.match(await post(cgi_path, { appid: 'x' }), { errcode: 0, is_trade_managed: true })
  t.match(await quota(), { quota: { used: 1, remain: 999_999 } })
})

t.test('tokens of the official account are its own', async (t) => {
  const { platforms } = await open(t)
  const { h5AppId, h5Secret } = platforms.app
  const tokenOf = async (appid: string, secret: string) => {
    const body = JSON.stringify({ grant_type: 'client_credential', appid, secret })
    return (await (
      await fetch(`${platforms.url}/cgi-bin/stable_token`, { method: 'POST', body })
    ).json()) as Json
  }
  const own = await tokenOf(h5AppId, h5Secret)
  t.match(own, { access_token: /./ })
  t.equal((await tokenOf(h5AppId, h5Secret)).access_token, own.access_token)
  t.not((await tokenOf(platforms.app.appId, platforms.app.secret)).access_token, own.access_token)
  t.match(await tokenOf(h5AppId, 'wrong'), { errcode: 40125 })
})
