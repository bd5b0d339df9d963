import { beijingDateTime } from '../../../../shared/clock.js'
import type { AlipayWorld, Call, Entry } from './entry.js'
import type { Login } from './logins.js'
import { AlipayRefusal } from './refusal.js'
import { oneOf } from './rules.js'

/** Texts, as the documented answers have them, although they are numbers. */
const ACCESS_SECONDS = String(15 * 24 * 3600)
const REFRESH_SECONDS = String(30 * 24 * 3600)

function loginOf({ params }: Call, { logins }: AlipayWorld): Login {
  return params.grant_type === 'refresh_token'
    ? logins.byRefreshToken(params.refresh_token ?? '')
    : logins.byCode(params.code ?? '')
}

/** The login of mini programs. Everything is asked beside `biz_content`. */
export const oauthToken: Entry = {
  method: 'alipay.system.oauth.token',
  isOld: true,
  params: { grant_type: { required: true, accepts: oneOf('authorization_code', 'refresh_token') } },
  otherwise: () => new AlipayRefusal('40002', 'isv.grant-type-invalid', 'grant_type参数不正确'),
  answer(call, world) {
    const { user, accessToken, refreshToken } = loginOf(call, world)
    return {
      ...world.users.fieldOf(user, 'user_id', 'open_id'),
      union_id: user.unionId,
      access_token: accessToken,
      expires_in: ACCESS_SECONDS,
      refresh_token: refreshToken,
      re_expires_in: REFRESH_SECONDS,
      auth_start: beijingDateTime(world.clock.now()),
    }
  },
}
