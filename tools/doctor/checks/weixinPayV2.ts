import type { OpenapiError } from '../../../shared/errors/index.js'
import { type V2Merchant, v2MerchantsOf } from '../accounts.js'
import { check } from '../check.js'
import { saidBy } from '../common.js'
import { each } from '../examine.js'
import type { Finding, Say } from '../finding.js'
import { askV2, blamePlaces, isBadSignature } from '../payProbe.js'
import { weixinPayV2Remarks } from '../remarks/weixinPayV2.js'
import type { World } from '../world.js'

type Code = keyof typeof weixinPayV2Remarks

export const weixinPayV2 = check({
  id: 'weixinPay.v2',
  title: {
    en: 'WeChat Pay V2 takes our key, and the application is bound',
    zh: '微信支付 V2 密钥正确且应用已绑定',
  },
  network: true,
  remarks: weixinPayV2Remarks,
  run: (world, say) =>
    each(world, v2MerchantsOf(world), async (merchant) => {
      if (merchant.apps.length === 0) return [say('no-app', { merchant: merchant.mchId })]
      const found = await each(world, merchant.apps, async ({ appId }) => [
        await verdict(world, merchant, appId, say),
      ])
      // The key is the merchant's: one finding about it is enough, however many applications there are.
      return found.filter(({ code }, i) => !PER_MERCHANT.has(code) || i === firstOf(found, code))
    }),
})

const PER_MERCHANT: ReadonlySet<string> = new Set([
  'key-wrong',
  'merchant-unknown',
  'keys-first',
  'address-refused',
])

const firstOf = (found: readonly Finding[], code: string): number =>
  found.findIndex((finding) => finding.code === code)

async function verdict(world: World, merchant: V2Merchant, appId: string, say: Say<Code>): Promise<Finding> {
  const refusal = await askV2(world, merchant, appId)
  const about = { merchant: merchant.mchId, app: appId }
  if (!refusal) return say('key-right', about)
  if (isBadSignature(refusal)) await blamePlaces(world, merchant)
  return say(codeOf(refusal), { ...about, said: saidBy(refusal) })
}

const codes: Readonly<Record<string, Code>> = {
  MCHID_NOT_EXIST: 'merchant-unknown',
  APPID_NOT_EXIST: 'app-unknown',
  APPID_MCHID_NOT_MATCH: 'app-not-bound',
  NOAUTH: 'no-permission',
  NO_AUTH: 'no-permission',
  UNVERIFIED_ANSWER: 'not-authentic',
}

/** What WeChat Pay says before it knows who is speaking has a text and no code. */
const texts: readonly (readonly [RegExp, Code])[] = [
  [/IP.{0,8}(不允许|无权限)|不允许.{0,8}IP/i, 'address-refused'],
  [/不匹配|not match/i, 'app-not-bound'],
  [/appid.{0,6}(不存在|有误|错误)/i, 'app-unknown'],
  [/mch_?id.{0,16}(不存在|有误|错误)/i, 'merchant-unknown'],
]

function codeOf(refusal: OpenapiError): Code {
  if (isBadSignature(refusal)) return 'key-wrong'
  const byText = texts.find(([text]) => text.test(refusal.errMsg))?.[1]
  return codes[refusal.errCode] ?? byText ?? 'refused'
}
