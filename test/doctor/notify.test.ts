import http from 'node:http'
import t, { type Test } from 'tap'
import { systemClock } from '../../shared/clock.js'
import { freePort } from '../support/network/freePort.js'
import { type Between, callbackServer, listen } from './support/callback.js'
import { EVIDENCE_KEY, startDeployment } from './support/deployment.js'

const latin1 = (change: (text: string) => string) => (body: Buffer) =>
  Buffer.from(change(body.toString('latin1')), 'latin1')

const only = (type: RegExp, change: (body: Buffer) => Buffer): Between => ({
  body: (body, contentType) => (type.test(contentType) ? change(body) : body),
})

/** What gateways, frameworks and firewalls have been seen to do. */
const changesOnTheWay: readonly (readonly [name: string, between: Between, found: string])[] = [
  ['trims bodies', { body: latin1((text) => text.trim()) }, 'notify.echo/trimmed'],
  ['cuts off one line end', { body: latin1((text) => text.replace(/\r?\n$/, '')) }, 'notify.echo/trimmed'],
  ['writes LF for CRLF', { body: latin1((text) => text.replaceAll('\r\n', '\n')) }, 'notify.echo/line-ends'],
  [
    'parses JSON and writes it again',
    only(/json/, (body) => Buffer.from(JSON.stringify(JSON.parse(body.toString())))),
    'notify.echo/json-rewritten',
  ],
  [
    'parses forms and writes them again',
    only(/form/, (body) => Buffer.from(new URLSearchParams(body.toString()).toString())),
    'notify.echo/form-rewritten',
  ],
  [
    'decodes forms',
    only(
      /form/,
      latin1((text) =>
        text.replace(/%(..)/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      ),
    ),
    'notify.echo/decoded',
  ],
  [
    'escapes for HTML',
    only(/xml/, (body) =>
      Buffer.from(body.toString().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
    ),
    'notify.echo/html-escaped',
  ],
  [
    'takes UTF-8 for Latin-1',
    only(/xml|json/, (body) => Buffer.from(body.toString('latin1'))),
    'notify.echo/charset',
  ],
  ['leaves base64 as it is', { body: (body) => Buffer.from(body.toString('base64')) }, 'notify.echo/base64'],
  ['drops bodies', { body: () => Buffer.alloc(0) }, 'notify.echo/emptied'],
  [
    'does what nobody foresaw',
    { body: (body) => Buffer.concat([body, Buffer.from('#')]) },
    'notify.echo/altered',
  ],
  [
    'drops headers it does not know',
    {
      headers: (headers) =>
        Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('wechatpay-'))),
    },
    'notify.echo/refused',
  ],
  ['takes its time', { delayMs: 3200 }, 'notify.echo/slow'],
]

t.test('something between the provider and the function', async (t) => {
  const { healthy, finds } = await startDeployment(t)
  const base = healthy('alipay')
  for (const [name, between, found] of changesOnTheWay) {
    const url = await callbackServer(t, { EVIDENCE_KEY }, systemClock, between)
    await finds(t, base, [
      { name: `a gateway that ${name}`, change: { NOTIFY_BASE_URL: url }, finds: [found] },
    ])
  }
})

/** An address where somebody answers, but not the function. */
const answering = (t: Test, status: number, headers: http.OutgoingHttpHeaders = {}): Promise<string> =>
  listen(
    t,
    http.createServer((_request, response) => response.writeHead(status, headers).end('<html></html>')),
  )

t.test('an address where the function is not', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t)
  const base = healthy('alipay')
  const { AES_KEY, ...deployed } = { AES_KEY: base.ALIPAY_AES_KEY ?? '', EVIDENCE_KEY: 'another one' }
  const differing = await callbackServer(t, { ...deployed, ALIPAY_AES_KEY: AES_KEY }, systemClock)
  const at = (url: string) => ({ NOTIFY_BASE_URL: url })
  await finds(t, base, [
    { name: 'none at all', change: at(''), finds: ['notify.url/missing'] },
    {
      name: 'plain http in the world',
      change: at('http://shop.example.invalid/pay'),
      finds: ['notify.url/in-the-clear', 'notify.echo/unreachable'],
    },
    {
      name: 'the function’s name in the base',
      change: at(`${base.NOTIFY_BASE_URL}/verifyPaymentNotify`),
      finds: ['notify.url/names-function'],
    },
    {
      name: 'a function with another secret, and one that is the same',
      change: at(differing),
      finds: ['notify.echo/settings-differ'],
    },
    {
      name: 'a function with other settings altogether',
      change: at(await callbackServer(t, { EVIDENCE_KEY: 'another one' }, systemClock)),
      finds: ['notify.echo/refused'],
    },
    { name: 'a page', change: at(await answering(t, 200)), finds: ['notify.echo/not-there'] },
    { name: 'nothing', change: at(await answering(t, 404)), finds: ['notify.echo/not-there'] },
    {
      name: 'a login',
      change: at(await answering(t, 302, { location: '/login' })),
      finds: ['notify.echo/redirected'],
    },
    { name: 'a certificate of nobody', change: at(`${platforms.secureUrl}/pay`), finds: ['notify.echo/tls'] },
    {
      name: 'nobody',
      change: at(`http://127.0.0.1:${await freePort()}/pay`),
      finds: ['notify.echo/unreachable'],
    },
  ])
})
