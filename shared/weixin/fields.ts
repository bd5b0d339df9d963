import { integer, object, text } from '../operation/fields.js'

/** Input fields that several WeChat APIs share. */

export const loginCode = text({ max: 128, like: 'the code from wx.login, used once within five minutes' })

export const openid = text({ max: 128, like: "a user's openid, such as oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" })

/** WeChat counts the whole path, query included, in characters. */
export const pagePathWithQuery = text({
  max: 1024,
  like: 'a page path with its query, such as pages/index/index?id=1',
})

export const pagePath = text({
  max: 1024,
  pattern: /^(?!.*scancode_time)[^/?][^?]*$/,
  like: 'a page path without leading / and without query, such as pages/index/index',
})

/** `%` is not among the characters WeChat allows, so URL-encoded text is not possible here. */
export const sceneText = text({
  max: 32,
  pattern: /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+$/,
  like: "1 to 32 characters of A-Z a-z 0-9 !#$&'()*+,/:;=?@-._~",
})

export const codeWidth = integer(280, 1280, 'a width from 280 to 1280 pixels')

const colourPart = integer(0, 255)

export const lineColor = object({ r: colourPart, g: colourPart, b: colourPart })

export const codeVersions = ['release', 'trial', 'develop'] as const
