import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import NodeRSA from 'node-rsa'
import t from 'tap'
import { rsaPrivateKey, rsaPublicKey, rsaSign } from '../../shared/crypto/index.js'
import { withoutQuotes } from '../../shared/crypto/rsa.js'

const texts = JSON.parse(
  readFileSync(new URL('../vectors/openssh-keys.json', import.meta.url), 'utf8'),
) as Record<'openssh' | 'pkcs1' | 'publicKey' | 'withPassphrase' | 'ed25519', string>

const key = rsaPrivateKey(texts.pkcs1)
const signature = rsaSign('sha256', key, 'hello')

type Components = Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dmp1' | 'dmq1' | 'coeff', Buffer | number>
const components = { ...new NodeRSA(texts.pkcs1, 'pkcs1').exportKey('components-private') } as Components

const written = (encoding: 'hex' | 'base64'): Record<string, string> =>
  Object.fromEntries(
    Object.entries(components).map(([name, value]) => {
      const bytes =
        typeof value === 'number' ? Buffer.from(value.toString(16).padStart(6, '0'), 'hex') : value
      return [name, bytes.toString(encoding)]
    }),
  )

t.test('an OpenSSH private key, however it was copied', async (t) => {
  const bare = texts.openssh.replace(/-----[^-]+-----|\s/g, '')
  const forms = {
    'as ssh-keygen writes it': texts.openssh,
    'with \\n for line breaks': texts.openssh.replaceAll('\n', '\\n'),
    'with CRLF': texts.openssh.replaceAll('\n', '\r\n'),
    'without its armour': bare,
    'in the armour of PKCS#8': `-----BEGIN PRIVATE KEY-----\n${bare}\n-----END PRIVATE KEY-----`,
  }
  for (const [name, text] of Object.entries(forms)) {
    t.ok(rsaPrivateKey(text).equals(key), name)
    t.equal(rsaSign('sha256', rsaPrivateKey(text), 'hello'), signature, name)
  }
  t.equal(rsaPrivateKey(texts.openssh), rsaPrivateKey(texts.openssh), 'parsed once')
})

t.test('a private key as its components', async (t) => {
  const { e, ...hex } = written('hex')
  const forms = {
    'as node-rsa exports them': JSON.stringify(components),
    'in hex': JSON.stringify({ ...hex, e }),
    'in hex, leading zeros left out': JSON.stringify({ ...hex, n: hex.n?.replace(/^0+/, ''), e: '10001' }),
    'in base64': JSON.stringify(written('base64')),
    'with e as a number': JSON.stringify({ ...hex, e: 65537 }),
    'as a JSON Web Key': JSON.stringify(key.export({ format: 'jwk' })),
    'with space around': `\n ${JSON.stringify(written('hex'), null, 2)}\n`,
  }
  for (const [name, text] of Object.entries(forms)) {
    t.ok(rsaPrivateKey(text).equals(key), name)
    t.equal(rsaSign('sha256', rsaPrivateKey(text), 'hello'), signature, name)
  }
})

t.test('a public key as its components', async (t) => {
  const { n, e, d } = written('hex')
  const publicKey = createPublicKey(texts.publicKey)
  t.ok(rsaPublicKey(JSON.stringify({ n, e })).equals(publicKey))
  t.ok(rsaPublicKey(JSON.stringify(publicKey.export({ format: 'jwk' }))).equals(publicKey))
  t.throws(
    () => rsaPublicKey(JSON.stringify({ n, e, d })),
    /not an RSA public key/,
    'a private key is a mix-up',
  )
})

t.test('what is not such a key is refused without being repeated', async (t) => {
  const hex = written('hex')
  const { p: _p, ...withoutP } = hex
  const other = new NodeRSA({ b: 1024 }).exportKey('components-private')
  const wrong = {
    'a key with a passphrase': texts.withPassphrase,
    'a key of another algorithm': texts.ed25519,
    'a key cut short': texts.openssh.slice(0, 600),
    'a public key': JSON.stringify({ n: hex.n, e: hex.e }),
    'a component is missing': JSON.stringify(withoutP),
    'a component is empty': JSON.stringify({ ...hex, d: '' }),
    'of two keys': JSON.stringify({ ...components, n: other.n }),
    'no components': '{"secret":1}',
    'no JSON': '{secret',
    'components of no use': '{"n":[],"e":{},"d":"secret"}',
  }
  for (const [name, text] of Object.entries(wrong)) {
    t.throws(() => rsaPrivateKey(text), new Error('not an RSA private key: expected PEM or its base64'), name)
  }
})

t.test('quotes around a text come off, whole pairs of them, and nothing else', async (t) => {
  const bare = 'MIIE vQ=='
  for (const written of [
    '"x"',
    "'x'",
    '`x`',
    '\u201cx\u201d',
    '\u2018x\u2019',
    "$'x'",
    '\\"x\\"',
    '\\\\"x\\\\"',
    '"x",',
    ' "x" ; ',
  ]) {
    t.equal(withoutQuotes(written.replace('x', bare)), bare, written)
    t.equal(withoutQuotes(`'${written.replace('x', bare)}'`), bare, `${written} in quotes`)
  }
  t.equal(withoutQuotes('"'), '"')
  t.equal(withoutQuotes('""'), '')
  t.equal(withoutQuotes('"a'), '"a')
  t.equal(withoutQuotes('a"'), 'a"')
  t.equal(withoutQuotes('say "a"'), 'say "a"')
  t.equal(withoutQuotes('"\\"'), '', 'a backslash in front of the closing one belongs to it')
  t.equal(withoutQuotes('\u200b a\u00a0'), 'a')
})

t.test('a text of nothing but quotes, spaces or backslashes takes one pass', async (t) => {
  const longest = (text: string): number => {
    const start = process.cpuUsage()
    withoutQuotes(text)
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  }
  const many = 200_000
  for (const part of ['"', "$'", '\\', '\\"', '" ', ' "', '",']) {
    t.ok(longest(part.repeat(many)) < 1000, JSON.stringify(part))
    t.ok(longest(`"${part.repeat(many)}`) < 1000, JSON.stringify(part))
  }
})
