import * as v from 'valibot'
import { choice, named, object, optional, text } from '../../operation/fields.js'
import { alipayApi } from '../api.js'

/** What uni-app calls the first page of every new project: Alipay itself knows no 'main page'. */
const MAIN_PAGE = 'pages/index/index'

/** Addresses of pictures of one code: square, round on white, round on blue. Alipay gives those the request allows. */
export const getMiniCode = alipayApi('acode.getMiniCode', {
  doc: 'https://opendocs.alipay.com/mini/a25c5d8f_alipay.open.app.qrcode.create',
  title: { en: 'Mini-program code for a page, as addresses of pictures', zh: '获取小程序码（图片地址）' },
  method: 'alipay.open.app.qrcode.create',
  input: object({
    page: optional(
      named(
        'url_param',
        text({
          max: 256,
          pattern: /^[^/?][^?]*$/,
          like: 'a page path without leading / and without query, such as pages/index/index',
        }),
      ),
      MAIN_PAGE,
    ),
    scene: named('query_param', text({ max: 256, like: 'what the page reads, such as a=1&b=2' })),
    describe: optional(text({ max: 32, like: 'what the code is for, at most 32 characters' }), '小程序码'),
    color: optional(text({ pattern: /^0x[0-9A-Fa-f]{6}$/, like: 'a colour such as 0x00BFFF' })),
    size: optional(choice(['s', 'm', 'l'])),
  }),
  output: v.object({
    qrCodeUrl: v.string(),
    qrCodeUrlCircleWhite: v.optional(v.string()),
    qrCodeUrlCircleBlue: v.optional(v.string()),
  }),
  conclude: (answer) => answer,
  unverified: 'allowed',
  repeat: 'safe',
  reach: 'client',
})
