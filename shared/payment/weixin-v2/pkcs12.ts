/** A certificate and its private key, both PEM. */
export interface PemPair {
  cert: string
  key: string
}

/** Why a file did not open. */
export class Pkcs12Error extends Error {
  override readonly name = 'Pkcs12Error'

  constructor(
    readonly problem: 'not PKCS#12' | 'wrong passphrase' | 'incomplete',
    options?: ErrorOptions,
  ) {
    super(problem, options)
  }
}

/**
 * Opens a `.p12` file. WeChat Pay's are encrypted with 40-bit RC2, which OpenSSL 3 (Node 17 and later) refuses to
 * read: node-forge does. It loads here, since only refunds and fund-flow bills need it. Throws {@link Pkcs12Error}.
 */
export async function openPkcs12(file: Buffer, passphrase: string): Promise<PemPair> {
  const { default: forge } = await import('node-forge')
  const { pki } = forge
  const bags = bagsIn(forge, file, passphrase)
  const key = bags.find((bag) => bag.key)?.key
  // The file may hold the authority's certificates too: the merchant's own is the one the key belongs to.
  const own = bags.find(
    ({ cert }) => cert && key && pki.publicKeyToPem(cert.publicKey) === publicPem(forge, key),
  )
  if (!key || !own?.cert) throw new Pkcs12Error('incomplete')
  return { cert: pki.certificateToPem(own.cert), key: pki.privateKeyToPem(key) }
}

type Forge = typeof import('node-forge')
type Bag = import('node-forge').pkcs12.Bag

function bagsIn({ asn1, pkcs12 }: Forge, file: Buffer, passphrase: string): Bag[] {
  try {
    const structure = asn1.fromDer(file.toString('latin1'), true)
    return pkcs12
      .pkcs12FromAsn1(structure, false, passphrase)
      .safeContents.flatMap(({ safeBags }) => safeBags)
  } catch (cause) {
    const isLocked = /MAC could not be verified|decrypt/.test(String(cause))
    throw new Pkcs12Error(isLocked ? 'wrong passphrase' : 'not PKCS#12', { cause })
  }
}

const publicPem = ({ pki }: Forge, { n, e }: import('node-forge').pki.rsa.PrivateKey): string =>
  pki.publicKeyToPem(pki.setRsaPublicKey(n, e))
