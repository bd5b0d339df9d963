import * as v from 'valibot'
import { choice, integer, object, optional } from '../../operation/fields.js'
import { requiredWhen, ruled } from '../../operation/rules.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { maybeTexts, numbers, texts } from '../shapes/records.js'

const goods = v.object({
  ...texts('name', 'coverImg', 'url', 'thirdPartyAppid'),
  /** Prices in fen. */
  ...numbers('goodsId', 'price', 'price2', 'priceType'),
})

const room = v.object({
  ...texts('name', 'coverImg', 'shareImg', 'anchorName', 'feedsImg'),
  ...maybeTexts('createrOpenid'),
  /** `liveStatus`: 101 live, 102 to come, 103 over, 104 banned, 105 paused, 106 disturbed, 107 expired. */
  ...numbers('roomid', 'liveStatus', 'startTime', 'endTime', 'liveType', 'isFeedsPublic'),
  ...numbers('closeLike', 'closeGoods', 'closeComment', 'closeKf', 'closeReplay'),
  goods: v.optional(v.array(goods)),
})

/** WeChat writes these times as numbers or texts: they stay as they came. */
const moment = v.union([v.string(), v.number()])

const replay = v.object({ ...texts('mediaUrl'), createTime: moment, expireTime: moment })

/** No room was ever made; the list is empty. Neither is a failure. */
const NO_ROOMS = [1, 9410000] as const

export const getLiveInfo = weixinApi('livebroadcast.getLiveInfo', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/livebroadcast/studio-management/getLiveInfo.html',
  title: { en: 'Live rooms, or the replays of one', zh: '获取直播间列表及直播间信息、回放' },
  post: '/wxa/business/getliveinfo',
  input: ruled(
    object({
      start: integer(0, 1_000_000, 'the place of the first one, counted from 0'),
      limit: integer(1, 100),
      action: optional(choice(['get_replay'])),
      roomId: optional(integer(1, Number.MAX_SAFE_INTEGER, 'the number of a room')),
    }),
    requiredWhen('roomId', ({ action }) => action === 'get_replay', 'with the action get_replay'),
  ),
  output: json(
    v.object({
      ...numbers('total'),
      roomInfo: v.optional(v.array(room)),
      liveReplay: v.optional(v.array(replay)),
      errCode: v.optional(v.number()),
    }),
  ),
  results: NO_ROOMS,
  conclude: (answer) => (answer.errCode === undefined ? answer : { total: 0, roomInfo: [] }),
  repeat: 'safe',
  reach: 'optIn',
})
