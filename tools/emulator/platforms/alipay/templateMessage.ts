import type { AlipayWorld, Entry } from './entry.js'
import { AlipayRefusal, invalidParameter } from './refusal.js'
import { type Content, matching, textIn, upTo } from './rules.js'

/** A message to a user. Whether there was a subscription is not looked at. */
export const templateMessage: Entry = {
  method: 'alipay.open.app.mini.templatemessage.send',
  content: {
    user_template_id: { required: true, accepts: upTo(128) },
    page: { accepts: matching(/^[^/]\S*$/) },
    // JSON inside JSON: an object in its place is the usual mistake.
    data: { required: true, accepts: isTemplateData },
  },
  otherwise: invalidParameter,
  answer({ content }, world) {
    if (!receiver(content, world)) {
      throw new AlipayRefusal('40004', 'USER_NOT_EXIST', '用户不存在')
    }
    return {}
  },
}

function receiver(content: Content, { users, terms }: AlipayWorld) {
  const [userId, openId] = [textIn(content, 'to_user_id'), textIn(content, 'to_open_id')]
  const [given, other] = terms.userIds === 'user_id' ? [userId, openId] : [openId, userId]
  return given === undefined || other !== undefined ? undefined : users.find(given)
}

function isTemplateData(value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    const data: unknown = JSON.parse(value)
    return typeof data === 'object' && data !== null && Object.values(data).every(isKeyword)
  } catch {
    return false
  }
}

const isKeyword = (keyword: unknown): boolean =>
  typeof keyword === 'object' && keyword !== null && 'value' in keyword
