import fc from 'fast-check'
import forge from 'node-forge'
import t from 'tap'
import { derElements, derOid, derText } from '../../shared/crypto/certificate.js'
import {
  certificateNames,
  certificatesIn,
  leadsToRoot,
  openAes128Cbc,
  parsedCertificate,
  sealAes128Cbc,
} from '../../shared/crypto/index.js'
import { antName, certify, class2, otherRoot, root } from '../alipay/authority.js'
import { HAND_CLOCK_START } from '../support/clock.js'

const asn1 = forge.asn1
const bytes = (der: forge.util.ByteStringBuffer): Buffer => Buffer.from(der.getBytes(), 'latin1')

t.test('object identifiers, as node-forge writes them', async (t) => {
  const first = fc.integer({ min: 0, max: 2 })
  const second = fc.integer({ min: 0, max: 39 })
  const rest = fc.array(fc.integer({ min: 0, max: 2 ** 28 - 1 }), { minLength: 1, maxLength: 8 })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(first, second, rest, (one, two, more) => {
        const oid = [one, two, ...more].join('.')
        const content = bytes(asn1.oidToDer(oid))
        return derOid({ tag: 6, content }) === oid
      }),
    ),
  )
})

t.test('lengths of every size', async (t) => {
  for (const size of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
    const element = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, 'a'.repeat(size))
    const [read, ...others] = derElements(bytes(asn1.toDer(element)))
    t.equal(read?.content.length, size)
    t.equal(others.length, 0)
  }
})

t.test('no bytes do more than throw an error', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (some) => {
        const der = Buffer.from(some)
        try {
          certificateNames(der)
          return false
        } catch (error) {
          return error instanceof Error && parsedCertificate(der) === undefined
        }
      }),
      { numRuns: 1000 },
    ),
  )
  const [good = Buffer.alloc(0)] = certificatesIn(root.pem)
  for (let length = 0; length < good.length; length += 7) {
    t.throws(() => certificateNames(good.subarray(0, length)), Error, `cut at ${length}`)
  }
})

t.test('names in every string type, in the order of the file, nothing escaped', async (t) => {
  const { pem } = certify({
    names: [
      { name: 'countryName', value: 'CN' },
      { name: 'organizationName', value: 'a, b + "c" = <d>; 支付宝' },
      { name: 'commonName', value: 'x' },
    ],
    serial: '00ffffffffffffffffffffffffffffffffffffff',
  })
  const [der = Buffer.alloc(0)] = certificatesIn(pem)
  const { issuer, subject, serial, signatureOid } = certificateNames(der)
  t.strictSame(issuer, [
    ['C', 'CN'],
    ['O', 'a, b + "c" = <d>; 支付宝'],
    ['CN', 'x'],
  ])
  t.strictSame(subject, issuer)
  t.equal(serial, (2n ** 152n - 1n).toString(10), 'beyond what a double can hold')
  t.equal(signatureOid, '1.2.840.113549.1.1.11')
  t.equal(derText({ tag: 0x1e, content: Buffer.from('652f4ed85b9d', 'hex') }), '支付宝', 'BMPString')
  t.equal(derText({ tag: 0x13, content: Buffer.from('abc') }), 'abc', 'PrintableString')
})

t.test('files: chains, CRLF, text around, bare base64, folded lines', async (t) => {
  const chain = `subject=x\r\n${class2.pem.replaceAll('\n', '\r\n')}issuer=y\n${root.pem}`
  const [first, second, ...others] = certificatesIn(chain)
  t.strictSame([first, second], [...certificatesIn(class2.pem), ...certificatesIn(root.pem)])
  t.equal(others.length, 0)
  t.strictSame(certificatesIn(root.pem.replaceAll('\n', '\\n')), certificatesIn(root.pem))
  t.strictSame(
    certificatesIn(certificatesIn(root.pem)[0]?.toString('base64') ?? ''),
    certificatesIn(root.pem),
  )
  t.strictSame(certificatesIn(''), [])
})

t.test('a path to the root: over those between, and no other way', async (t) => {
  const parse = (pem: string) => {
    const certificate = parsedCertificate(certificatesIn(pem)[0] ?? Buffer.alloc(0))
    if (!certificate) throw new Error('not a certificate')
    return certificate
  }
  const leaf = parse(certify({ names: antName('leaf'), issuer: class2 }).pem)
  const between = [parse(class2.pem)]
  const roots = [parse(root.pem)]
  const now = HAND_CLOCK_START
  t.ok(leadsToRoot(leaf, between, roots, now))
  t.ok(leadsToRoot(leaf, [...between, parse(otherRoot.pem)], [parse(otherRoot.pem), ...roots], now))
  t.notOk(leadsToRoot(leaf, [], roots, now), 'a link is missing')
  t.notOk(leadsToRoot(leaf, between, [parse(otherRoot.pem)], now), 'another root')
  t.notOk(leadsToRoot(leaf, between, [], now))
  t.notOk(leadsToRoot(leaf, between, roots, now + 400 * 24 * 3600 * 1000), 'all of it expired')
  t.notOk(leadsToRoot(leaf, [leaf], roots, now))
})

t.test('AES-128-CBC: there and back, one error for everything else', async (t) => {
  const box = { key: Buffer.alloc(16, 1), iv: Buffer.alloc(16) }
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array(), (plain) => {
        const text = Buffer.from(plain)
        return openAes128Cbc(box, sealAes128Cbc(box, text)).equals(text)
      }),
    ),
  )
  const sealed = sealAes128Cbc(box, Buffer.from('hello'))
  const wrong = [
    () => openAes128Cbc({ ...box, key: Buffer.alloc(16, 2) }, sealed),
    () => openAes128Cbc({ ...box, key: Buffer.alloc(15) }, sealed),
    () => openAes128Cbc(box, sealed.subarray(1)),
    () => openAes128Cbc(box, Buffer.alloc(0)),
  ]
  for (const open of wrong)
    t.throws(open, new Error('not opened: wrong key, or the sealed bytes are not whole'))
})
