import * as v from 'valibot'
import { maybeNumbers, numbers, texts } from '../shapes/records.js'
import {
  dayOrWeekOrMonth,
  oneDay,
  oneMonth,
  oneWeek,
  portrait,
  refDate,
  report,
  retention,
  trend,
} from '../shapes/report.js'

export const getDailyRetain = report('getDailyRetain', {
  en: 'How many users come back day by day',
  zh: '获取用户访问小程序日留存',
  doc: 'visit-retain',
  path: 'dailyretaininfo',
  of: oneDay,
  fields: retention,
})

export const getWeeklyRetain = report('getWeeklyRetain', {
  en: 'How many users come back week by week',
  zh: '获取用户访问小程序周留存',
  doc: 'visit-retain',
  path: 'weeklyretaininfo',
  of: oneWeek,
  fields: retention,
})

export const getMonthlyRetain = report('getMonthlyRetain', {
  en: 'How many users come back month by month',
  zh: '获取用户访问小程序月留存',
  doc: 'visit-retain',
  path: 'monthlyretaininfo',
  of: oneMonth,
  fields: retention,
})

export const getDailySummary = report('getDailySummary', {
  en: 'Users and shares of a day in total',
  zh: '获取用户访问小程序数据概况',
  doc: 'others',
  path: 'dailysummarytrend',
  of: oneDay,
  fields: v.object({
    list: v.array(v.object({ ...refDate, ...numbers('visitTotal', 'sharePv', 'shareUv') })),
  }),
})

export const getDailyVisitTrend = report('getDailyVisitTrend', {
  en: 'Visits of a day',
  zh: '获取用户访问小程序数据日趋势',
  doc: 'visit-trend',
  path: 'dailyvisittrend',
  of: oneDay,
  fields: trend,
})

export const getWeeklyVisitTrend = report('getWeeklyVisitTrend', {
  en: 'Visits of a week',
  zh: '获取用户访问小程序数据周趋势',
  doc: 'visit-trend',
  path: 'weeklyvisittrend',
  of: oneWeek,
  fields: trend,
})

export const getMonthlyVisitTrend = report('getMonthlyVisitTrend', {
  en: 'Visits of a month',
  zh: '获取用户访问小程序数据月趋势',
  doc: 'visit-trend',
  path: 'monthlyvisittrend',
  of: oneMonth,
  fields: trend,
})

export const getUserPortrait = report('getUserPortrait', {
  en: 'Who the users of 1, 7 or 30 days are: regions, devices, ages',
  zh: '获取小程序新增或活跃用户的画像分布数据',
  doc: 'others',
  path: 'userportrait',
  of: dayOrWeekOrMonth,
  fields: v.object({ ...refDate, visitUvNew: portrait, visitUv: portrait }),
})

export const getVisitDistribution = report('getVisitDistribution', {
  en: 'Where the visits of a day came from, how long and how deep they were',
  zh: '获取用户小程序访问分布数据',
  doc: 'others',
  path: 'visitdistribution',
  of: oneDay,
  fields: v.object({
    ...refDate,
    list: v.array(
      v.object({
        ...texts('index'),
        itemList: v.array(v.object({ ...numbers('key', 'value'), ...maybeNumbers('accessSourceVisitUv') })),
      }),
    ),
  }),
})

export const getVisitPage = report('getVisitPage', {
  en: 'The 200 most visited pages of a day',
  zh: '获取访问页面数据，按访问次数排序的前 200 页',
  doc: 'others',
  path: 'visitpage',
  of: oneDay,
  fields: v.object({
    ...refDate,
    list: v.array(
      v.object({
        ...texts('pagePath'),
        ...numbers(
          ...(['pageVisitPv', 'pageVisitUv', 'pageStaytimePv', 'entrypagePv', 'exitpagePv'] as const),
          ...(['pageSharePv', 'pageShareUv'] as const),
        ),
      }),
    ),
  }),
})
