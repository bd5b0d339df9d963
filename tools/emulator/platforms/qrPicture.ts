import { createRequire } from 'node:module'
import jpeg from 'jpeg-js'
import { PNG } from 'pngjs'

const require = createRequire(import.meta.url)

type Colour = readonly [red: number, green: number, blue: number]

export interface Look {
  /** Pixels; the picture is square. */
  width: number
  /** Of the dark modules; black by default. */
  colour?: Colour
  format: 'png' | 'jpeg'
  /** Whether the light modules are left out, which only PNG can. */
  transparent?: boolean
}

/** Light modules around the code, without which readers do not find it. */
const MARGIN = 4

const BLACK: Colour = [0, 0, 0]

/** A QR code of a text. */
export function qrPicture(text: string, look: Look): { contentType: string; body: Buffer } {
  const { width, format } = look
  const picture = { width, height: width, data: pixels(text, look) }
  if (format === 'jpeg') return { contentType: 'image/jpeg', body: jpeg.encode(picture, 90).data }
  const png = Object.assign(new PNG({ width, height: width }), { data: picture.data })
  return { contentType: 'image/png', body: PNG.sync.write(png) }
}

/** Four bytes a pixel: red, green, blue and how solid it is. */
function pixels(text: string, { width, colour = BLACK, transparent = false }: Look): Buffer {
  // Loaded at the first code: it takes a twentieth of a second, and most who start the local platforms draw none.
  const { create } = require('qrcode') as typeof import('qrcode')
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const across = modules.size + 2 * MARGIN
  const moduleAt = (pixel: number) => Math.floor((pixel * across) / width) - MARGIN
  const isInside = (at: number) => at >= 0 && at < modules.size
  const data = Buffer.alloc(4 * width * width, transparent ? 0x00 : 0xff)
  for (let y = 0; y < width; y++) {
    const row = moduleAt(y)
    for (let x = 0; x < width; x++) {
      const column = moduleAt(x)
      if (!isInside(row) || !isInside(column) || !modules.get(row, column)) continue
      data.set([...colour, 0xff], 4 * (y * width + x))
    }
  }
  return data
}
