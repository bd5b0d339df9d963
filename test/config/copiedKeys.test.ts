import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fileText } from '../../shared/config/fileSetting.js'
import { certificatesIn, rsaPrivateKey, rsaPublicKey } from '../../shared/crypto/index.js'
import { openPkcs12 } from '../../shared/payment/weixin-v2/certificate.js'
import { merchantFiles } from '../../tools/emulator/platforms/certificates/index.js'

/** What consoles, `.env` files, JSON files and shells make of a key that is copied through them. */

const { openssh, pkcs1: text } = JSON.parse(
  readFileSync(new URL('../vectors/openssh-keys.json', import.meta.url), 'utf8'),
) as Record<'openssh' | 'pkcs1', string>

const key = createPrivateKey(text)
const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
const pkcs1 = key.export({ type: 'pkcs1', format: 'pem' }).toString()
const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
const jwk = JSON.stringify(key.export({ format: 'jwk' }))
const certificate = merchantFiles('1900000109').cert
const bare = (armoured: string): string => armoured.replace(/-----[^-]+-----|\s/g, '')
const base64 = (of: string): string => Buffer.from(of).toString('base64')
const wrapped = (line: string, width = 64): string => line.replace(new RegExp(`.{${width}}`, 'g'), '$&\n')

type Form = (armoured: string) => string

/** Where the line ends of a PEM go. */
const lines: Record<string, Form> = {
  'as it is': (pem) => pem,
  CRLF: (pem) => pem.replaceAll('\n', '\r\n'),
  CR: (pem) => pem.replaceAll('\n', '\r'),
  '\\n': (pem) => pem.replaceAll('\n', '\\n'),
  '\\r\\n': (pem) => pem.replaceAll('\n', '\\r\\n'),
  '\\r': (pem) => pem.replaceAll('\n', '\\r'),
  '\\\\n': (pem) => pem.replaceAll('\n', '\\\\n'),
  '\\\\r\\\\n': (pem) => pem.replaceAll('\n', '\\\\r\\\\n'),
  '\\n and a line end': (pem) => pem.replaceAll('\n', '\\n\n'),
  'a backslash and a line end': (pem) => pem.replaceAll('\n', '\\\n'),
  '\\u000a': (pem) => pem.replaceAll('\n', '\\u000a').replaceAll('+', '\\u002B'),
  spaces: (pem) => pem.replaceAll('\n', ' '),
  nothing: (pem) => pem.replaceAll('\n', ''),
  'blank lines': (pem) => pem.replaceAll('\n', '\n\n'),
  indented: (pem) => pem.replaceAll('\n', '\n    '),
  tabs: (pem) => pem.replaceAll('\n', '\\t\\n'),
  'slashes escaped': (pem) => pem.replaceAll('/', '\\/').replaceAll('\n', '\\n'),
  'zero-width spaces': (pem) => `\ufeff${pem.replaceAll('\n', '\u200b\n')}`,
  'text around it': (pem) => `Bag Attributes\n    friendlyName: x\n${pem}\nsee you`,
}

/** Of bare base64. */
const bareForms: Record<string, Form> = {
  'in one line': bare,
  'in lines': (pem) => wrapped(bare(pem)),
  'in lines with CRLF': (pem) => wrapped(bare(pem)).replaceAll('\n', '\r\n'),
  'in lines with \\n': (pem) => wrapped(bare(pem)).replaceAll('\n', '\\n'),
  'in lines with \\r\\n': (pem) => wrapped(bare(pem), 76).replaceAll('\n', '\\r\\n'),
  'slashes escaped': (pem) => bare(pem).replaceAll('/', '\\/'),
  'plus signs escaped': (pem) => bare(pem).replaceAll('+', '\\u002b'),
  'without its padding': (pem) => bare(pem).replace(/=+$/, ''),
  'base64 of the PEM': base64,
  'base64 of the PEM in lines': (pem) => wrapped(base64(pem), 76),
  'base64 of the PEM with \\r\\n': (pem) => base64(pem.replaceAll('\n', '\\r\\n')),
  'base64 of base64': (pem) => base64(bare(pem)),
}

const around: Record<string, Form> = {
  alone: (form) => form,
  'in quotes': (form) => `"${form}"`,
  'in single quotes': (form) => `'${form}'`,
  'in backquotes': (form) => `\`${form}\``,
  'in quotes of another kind': (form) => `\u201c${form}\u201d`,
  'in quotes, a comma behind': (form) => `"${form}",\n`,
  'in quotes, a semicolon behind': (form) => ` "${form}" ; `,
  'in quotes twice': (form) => `'"${form}"'`,
  'in escaped quotes': (form) => `\\"${form}\\"`,
  'as a shell writes it': (form) => `$'${form}'`,
  'spaces around': (form) => ` \n ${form} \n`,
}

const read = (form: string) => rsaPrivateKey(fileText('WEIXIN_PAY_PRIVATE_KEY', form))

for (const [place, put] of Object.entries(around)) {
  t.test(place, async (t) => {
    for (const [kind, pems] of Object.entries({ pkcs8: pem, pkcs1, openssh })) {
      for (const [name, write] of Object.entries({ ...lines, ...bareForms })) {
        const form = put(write(pems))
        t.doesNotThrow(() => t.ok(read(form).equals(key), `${kind}, ${name}`), `${kind}, ${name}`)
      }
    }
    for (const [name, write] of Object.entries({ ...lines, ...bareForms })) {
      const form = put(write(publicPem))
      t.doesNotThrow(() => rsaPublicKey(fileText('WEIXIN_PAY_PUBLIC_KEY', form)), `public, ${name}`)
      const [der] = certificatesIn(fileText('ALIPAY_APP_CERT', put(write(certificate))))
      t.strictSame(der, Buffer.from(bare(certificate), 'base64'), `certificate, ${name}`)
    }
    t.ok(read(put(jwk)).equals(key), 'components')
    t.ok(read(put(base64(jwk))).equals(key), 'components in base64')
  })
}

t.test('keys where no file is read, such as those of API security', async (t) => {
  for (const write of Object.values(lines)) t.ok(rsaPrivateKey(`"${write(pem)}"`).equals(key))
  t.ok(rsaPrivateKey(`'${bare(pem)}',`).equals(key))
  t.ok(rsaPrivateKey(JSON.stringify(jwk)).equals(key))
})

t.test('a file, as editors and shells of Windows save it', async (t) => {
  const path = join(t.testdir(), 'key.pem')
  const contents: Record<string, Buffer> = {
    'UTF-8 with a mark': Buffer.from(`\ufeff${pem}`),
    'UTF-16': Buffer.from(`\ufeff${pem.replaceAll('\n', '\r\n')}`, 'utf16le'),
    'UTF-16, big-endian': Buffer.from(`\ufeff${pem}`, 'utf16le').swap16(),
    'UTF-16 of bare base64': Buffer.from(`\ufeff${bare(pem)}\r\n`, 'utf16le'),
    'a JSON text': Buffer.from(JSON.stringify(pem)),
    'bare base64 in quotes': Buffer.from(`"${bare(pem)}"\n`),
    DER: Buffer.from(bare(pem), 'base64'),
  }
  for (const [name, bytes] of Object.entries(contents)) {
    writeFileSync(path, bytes)
    for (const form of [path, `"${path}"`, `'${path}'`, bytes.toString('base64')]) {
      t.doesNotThrow(() => t.ok(read(form).equals(key), name), name)
    }
  }
})

t.test('a .p12 file as base64, however it was copied', async (t) => {
  const pfx = merchantFiles('1900000109').pfx('rc2').toString('base64')
  for (const put of Object.values(around)) {
    for (const form of [pfx, wrapped(pfx, 76), wrapped(pfx, 76).replaceAll('\n', '\\r\\n')]) {
      const file = Buffer.from(fileText('WEIXIN_PAY_PFX', put(form)), 'base64')
      t.match(await openPkcs12(file, '1900000109'), { cert: /BEGIN CERTIFICATE/ })
    }
  }
})

t.test('a path stays a path, and what is no key is none', async (t) => {
  const folder = t.testdir({ new: { 'r.pem': pem } })
  t.ok(read(join(folder, 'new', 'r.pem')).equals(key))
  for (const wrong of [
    'C:\\new\\r.pem',
    '"',
    "''",
    `"${folder}"`,
    '$',
    `${bare(pem)}"x`,
    '\\u0041\\n'.repeat(60),
  ]) {
    t.throws(() => read(wrong), Error, wrong)
  }
})
