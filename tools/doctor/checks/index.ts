import type { Check } from '../check.js'
import { alipayCertificates } from './alipayCertificates.js'
import { alipayGateway } from './alipayGateway.js'
import { alipayKeys } from './alipayKeys.js'
import { choices } from './choices.js'
import { clients } from './clients.js'
import { clockCheck } from './clock.js'
import { events } from './events.js'
import { mongodb } from './mongodb.js'
import { mongoIndexes } from './mongoIndexes.js'
import { notifyEcho } from './notifyEcho.js'
import { notifyUrl } from './notifyUrl.js'
import { settingsCheck } from './settings.js'
import { weixinPayCertificate } from './weixinPayCertificate.js'
import { weixinPayKeys } from './weixinPayKeys.js'
import { weixinPayTls } from './weixinPayTls.js'
import { weixinPayV2 } from './weixinPayV2.js'
import { weixinPayV3 } from './weixinPayV3.js'
import { weixinPayV3App } from './weixinPayV3App.js'
import { weixinPayV3Keys } from './weixinPayV3Keys.js'
import { weixinQuota } from './weixinQuota.js'
import { weixinSecret } from './weixinSecret.js'
import { weixinTokenCheck } from './weixinToken.js'

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
