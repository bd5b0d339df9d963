import { isIP } from 'node:net'
import { nonce } from '../../../../shared/clock.js'
import type { Terms } from '../weixin-pay/index.js'
import type { V3Context } from './entry.js'
import {
  anyText,
  atMost,
  isFee,
  isFlag,
  isNotifyUrl,
  isObject,
  isTime,
  matching,
  oneOf,
  type Rules,
} from './rules.js'

const isAddress = (value: unknown): boolean => typeof value === 'string' && isIP(value) !== 0

const limits: ReadonlySet<unknown> = new Set(['no_balance', 'no_credit', 'no_debit', 'balance_only'])

const isGoods = (value: unknown): boolean => {
  const { merchant_goods_id: id, quantity, unit_price: price } = Object(value) as Record<string, unknown>
  return typeof id === 'string' && /^[\w-]{1,32}$/.test(id) && isFee(quantity) && isFee(price)
}

const common: Rules = {
  appid: { required: true, accepts: anyText },
  mchid: { required: true, accepts: anyText },
  description: { required: true, accepts: atMost(127) },
  out_trade_no: { required: true, accepts: matching(/^[0-9A-Za-z_\-|*]{6,32}$/) },
  notify_url: { required: true, accepts: isNotifyUrl },
  amount: { required: true, accepts: isObject },
  'amount.total': { required: true, accepts: isFee },
  'amount.currency': { accepts: oneOf('CNY') },
  time_expire: { accepts: isTime },
  attach: { accepts: atMost(127) },
  goods_tag: { accepts: atMost(32) },
  support_fapiao: { accepts: isFlag },
  limit_pay: { accepts: (value) => Array.isArray(value) && value.every((word) => limits.has(word)) },
  detail: { accepts: isObject },
  'detail.goods_detail': { accepts: (value) => Array.isArray(value) && value.every(isGoods) },
  'scene_info.payer_client_ip': {
    required: ({ scene_info: scene }) => scene !== undefined,
    accepts: isAddress,
  },
  'scene_info.store_info.id': { accepts: atMost(32) },
  'scene_info.device_id': { accepts: atMost(32) },
  'settle_info.profit_sharing': { accepts: isFlag },
}

/** How a payer is brought to pay. */
export interface Scene {
  tradeType: Terms['tradeType']
  rules: Rules
  answer(prepayId: string, context: V3Context): object
}

const prepay = (prepayId: string) => ({ prepay_id: prepayId })

/** By the last segment of the path. */
export const scenes: Readonly<Record<string, Scene>> = {
  jsapi: {
    tradeType: 'JSAPI',
    rules: { ...common, 'payer.openid': { required: true, accepts: atMost(128) } },
    answer: prepay,
  },
  app: { tradeType: 'APP', rules: common, answer: prepay },
  native: {
    tradeType: 'NATIVE',
    rules: common,
    answer: (_prepayId, { random }) => ({ code_url: `weixin://wxpay/bizpayurl?pr=${nonce(random, 10)}` }),
  },
  h5: {
    tradeType: 'MWEB',
    rules: {
      ...common,
      'scene_info.payer_client_ip': { required: true, accepts: isAddress },
      'scene_info.h5_info.type': { required: true, accepts: oneOf('iOS', 'Android', 'Wap') },
    },
    answer: (prepayId) => ({
      h5_url: `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepayId}`,
    }),
  },
}
