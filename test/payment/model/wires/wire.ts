import type { HttpAnswer, HttpRequest } from '../../../../shared/http/http.js'
import type { HttpReply } from '../../../../shared/operation/index.js'
import type { Books, Mail } from '../books.js'

/** How one platform speaks: real messages, signed, so that the product verifies them as it does everywhere. */
export interface Wire {
  provider: 'weixin-v2' | 'weixin-v3' | 'alipay'
  merchantId: string
  /** The product's settings. */
  env: Readonly<Record<string, string>>
  payer: string
  clientType: string
  /** Does what a request asks for and answers it. `books` may change. */
  answer(books: Books, request: HttpRequest, now: number): HttpAnswer
  /** A notice as it arrives, composed anew for each attempt. */
  notice(books: Books, mail: Mail, now: number): { headers: Record<string, string>; body: Buffer }
  /** Whether the platform takes this reply to a notice for an acknowledgement. */
  understands(reply: HttpReply): boolean
}
