import { invalidParam } from '../../errors/index.js'
import type { VkOptions, VkPicture } from './options.js'

/** What `security.imgSecCheck` takes: version 2 an address, or base64 where the picture can be put somewhere. */
export interface PictureCheck {
  /** The picture, with or without the head of a data URL. */
  base64?: string
  media_url?: string
  /** 1 sound, 2 picture. */
  media_type?: 1 | 2
  openid?: string
  scene?: 1 | 2 | 3 | 4
  version?: 1 | 2
}

/** The parameters as the operation takes them. INVALID_PARAM when version 2 has nothing that WeChat could fetch. */
export async function toCheck(
  { base64, ...rest }: Record<string, unknown>,
  { uploadImage }: Pick<VkOptions, 'uploadImage'>,
): Promise<object> {
  if (base64 === undefined) return rest
  const picture = pictureIn(base64)
  if (rest.version === 1) {
    return { ...rest, media: { contentType: picture.contentType, value: picture.buffer } }
  }
  if (rest.media_url !== undefined) return rest
  if (uploadImage) return { ...rest, media_url: await uploadImage(picture) }
  throw invalidParam(
    'media_url',
    'required by version 2, whose pictures WeChat fetches itself; or give vk({ uploadImage }), which puts the base64 ' +
      'where WeChat can fetch it',
  )
}

/** How the formats that WeChat takes begin, in hex. */
const beginnings = [
  ['ffd8ff', 'image/jpeg'],
  ['89504e47', 'image/png'],
  ['47494638', 'image/gif'],
  ['424d', 'image/bmp'],
] as const

function pictureIn(base64: unknown): VkPicture {
  const text = typeof base64 === 'string' ? base64.replace(/^data:[^,]*,/, '') : ''
  const buffer = Buffer.from(text, 'base64')
  const start = buffer.subarray(0, 4).toString('hex')
  const known = beginnings.find(([beginning]) => start.startsWith(beginning))
  if (known) return { contentType: known[1], buffer }
  throw invalidParam('base64', 'expected a JPEG, PNG, GIF or BMP picture as base64')
}
