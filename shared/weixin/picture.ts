/** How a picture of a kind begins, and whether these bytes, which begin so, have its end in them. */
type PictureKind = readonly [begin: Buffer, hasEnd: (bytes: Buffer) => boolean]

const START_OF_SCAN = Buffer.from('ffda', 'hex')
const END_OF_IMAGE = Buffer.from('ffd9', 'hex')
/** The last chunk, which is empty, with its checksum. */
const IEND = Buffer.from('49454e44ae426082', 'hex')
const TRAILER = 0x3b

const kinds: readonly PictureKind[] = [
  // A picture that stands inside, in small, has an end of its own: only one behind the last scan counts.
  [Buffer.from('ffd8', 'hex'), (jpeg) => jpeg.lastIndexOf(END_OF_IMAGE) > jpeg.lastIndexOf(START_OF_SCAN)],
  [Buffer.from('89504e47', 'hex'), (png) => png.includes(IEND)],
  [
    Buffer.from('GIF8'),
    (gif) => gif.findLast((byte) => byte !== 0 && byte !== 0x0a && byte !== 0x0d) === TRAILER,
  ],
]

/**
 * Whether these are the first bytes of a JPEG, a PNG or a GIF that came without its end: where neither a length nor
 * anything else says so, only the picture itself does. Bytes behind the end do no harm; other files have no end to look for.
 */
export function isCutPicture(bytes: Buffer): boolean {
  const kind = kinds.find(([begin]) => {
    const length = Math.min(begin.length, bytes.length)
    return bytes.subarray(0, length).equals(begin.subarray(0, length))
  })
  return kind !== undefined && (bytes.length < kind[0].length || !kind[1](bytes))
}
