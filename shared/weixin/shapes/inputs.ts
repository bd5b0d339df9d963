import * as v from 'valibot'
import { integer, map, text } from '../../operation/fields.js'

/** Input fields that several WeChat APIs share. */

export const openid = text({ max: 128, like: "a user's openid, such as oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" })

export const appId = text({ pattern: /^wx[0-9a-f]{16}$/, like: 'an appid, such as wx0123456789abcdef' })

/** `scancode_time` is WeChat's own parameter, refused with 85096. */
const reserved = '(?!.*scancode_time)'

/** WeChat counts the whole path, query included, in characters; createQRCode in bytes. */
export const pathWithQuery = (max: number, unit: 'characters' | 'bytes') =>
  text({
    max,
    unit,
    pattern: new RegExp(`^${reserved}`),
    like: `a page path with its query, such as pages/index/index?id=1, at most ${max} ${unit}`,
  })

export const pagePathWithQuery = pathWithQuery(1024, 'characters')

export const pagePath = text({
  max: 1024,
  pattern: new RegExp(`^${reserved}[^/?][^?]*$`),
  like: 'a page path without leading / and without query, such as pages/index/index',
})

export const codeVersions = ['release', 'trial', 'develop'] as const

export const webAddress = text({ max: 2048, pattern: /^https?:\/\/\S+$/, like: 'an http or https address' })

export const unixSeconds = integer(0, 4_294_967_295, 'a time in whole seconds since 1970')

export const paymentNumber = { max: 64, like: "WeChat Pay's own number of the order, usually 4200..." }

export const merchantNumber = {
  max: 32,
  pattern: /^\d+$/,
  like: 'the number of a merchant, such as 1900000109',
}

export const tradeNumber = {
  max: 64,
  pattern: /^[0-9A-Za-z_\-*]+$/,
  like: "the merchant's own number of the order: letters, digits and _ - *",
}

const templateShape = 'an object such as { "thing1": { "value": "text" } }'

/** Content of a template message. Its keys are the template's, its values the user's: both travel as they are. */
export const templateData = v.pipe(
  map<{ value: string | number }>(templateShape),
  v.record(
    text({ pattern: /^\w+$/, like: 'keys as in the template, without .DATA, such as thing1' }),
    v.looseObject(
      { value: v.union([v.string(), v.number()], 'expected a text or a number') },
      `expected ${templateShape}`,
    ),
  ),
)
