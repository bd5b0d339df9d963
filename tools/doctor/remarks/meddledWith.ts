/** Why it matters that an answer is not WeChat Pay's, and what to do: the same for both versions. */
export const meddledWith = {
  why: {
    en: 'A proxy or a page in between has its hand in the traffic. Functions refuse such answers.',
    zh: '中间的代理或网页可能在改写流量。云函数会拒绝这样的应答。',
  },
  mend: {
    en: 'Run the doctor from another network, and look at proxies between here and WeChat Pay.',
    zh: '请换一个网络运行，并检查到微信支付之间的代理。',
  },
} as const
