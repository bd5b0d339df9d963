import type { Check } from '../check.js'
import { alipayCertificates } from './alipay/certificates.js'
import { alipayGateway } from './alipay/gateway.js'
import { alipayKeys } from './alipay/keys.js'
import { clockCheck } from './clock.js'
import { notifyEcho } from './notify/echo.js'
import { events } from './notify/events.js'
import { notifyUrl } from './notify/url.js'
import { choices } from './settings/choices.js'
import { clients } from './settings/clients.js'
import { settingsCheck } from './settings/settings.js'
import { mongoIndexes } from './store/indexes.js'
import { mongodb } from './store/mongodb.js'
import { weixinQuota } from './weixin/quota.js'
import { weixinSecret } from './weixin/secret.js'
import { weixinTokenCheck } from './weixin/token.js'
import { weixinPayCertificate } from './weixinPay/certificate.js'
import { weixinPayKeys } from './weixinPay/keys.js'
import { weixinPayTls } from './weixinPay/tls.js'
import { weixinPayV2 } from './weixinPay/v2.js'
import { weixinPayV3 } from './weixinPay/v3.js'
import { weixinPayV3App } from './weixinPay/v3App.js'
import { weixinPayV3Keys } from './weixinPay/v3Keys.js'

/** Everything the doctor looks at, in the order in which it tells of it. */
export const checks: readonly Check[] = [
  settingsCheck,
  choices,
  clients,
  clockCheck,
  mongodb,
  mongoIndexes,
  weixinSecret,
  weixinTokenCheck,
  weixinQuota,
  weixinPayKeys,
  weixinPayV2,
  weixinPayCertificate,
  weixinPayTls,
  weixinPayV3Keys,
  weixinPayV3,
  weixinPayV3App,
  alipayKeys,
  alipayCertificates,
  alipayGateway,
  notifyUrl,
  notifyEcho,
  events,
]
