import type { Remarks } from '../finding.js'

const noLongerBelieved = {
  en: 'Past five minutes, WeChat Pay V3 and Alipay refuse every request, and no notice is believed here.',
  zh: '偏差超过 5 分钟时，微信支付 V3 与支付宝会拒绝所有请求，本地也不会信任任何通知。',
}
const setTheClock = {
  en: 'Switch on the time service of this machine (NTP). The clouds’ own clocks are right.',
  zh: '请在本机启用时间同步（NTP）。云函数的时钟一般是准确的。',
}

export const clockRemarks = {
  right: {
    level: 'ok',
    what: {
      en: 'the clock agrees with {host} to {seconds} s',
      zh: '本机时钟与 {host} 相差 {seconds} 秒',
    },
  },
  drifts: {
    level: 'warn',
    what: {
      en: 'the clock is {seconds} s off, by that of {host}',
      zh: '本机时钟与 {host} 相差 {seconds} 秒',
    },
    why: noLongerBelieved,
    mend: setTheClock,
  },
  off: {
    level: 'error',
    what: {
      en: 'the clock is {seconds} s off, by that of {host}',
      zh: '本机时钟与 {host} 相差 {seconds} 秒',
    },
    why: noLongerBelieved,
    mend: setTheClock,
  },
} as const satisfies Remarks
