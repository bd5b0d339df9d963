import { OpenapiError } from '../../shared/errors/index.js'
import { contextOf, instanceOf } from '../../shared/library/instance.js'
import { paymentMethods } from '../../shared/library/payment/methods.js'
import { certifiedSettings, openProvider } from '../../shared/payment/registry.js'
import type { Fields, House } from './house.js'
import type { Provider, Shop } from './shop.js'

/** The two doors of the payments: what goes for a field goes at both. */

export type Ask = (
  method: 'getOrderInfo' | 'refund' | 'refundQuery' | 'orderQuery' | 'downloadBill' | 'downloadFundflow',
  given: Fields,
) => Promise<Fields>

export const doors: Readonly<Record<string, (shop: Shop) => Ask>> = {
  function:
    ({ house }) =>
    (method, given) =>
      house.server(method, given),
  library: ({ house, provider }) => {
    const methods = libraryOver(house, provider)
    const notifyUrl = `${house.env.NOTIFY_BASE_URL}/verifyPaymentNotify/${provider}/library`
    return async (method, given) => {
      try {
        if (method !== 'getOrderInfo') return (await methods[method](given as never)) as unknown as Fields
        return { errCode: 0, orderInfo: await methods.getOrderInfo({ notifyUrl, ...given } as never) }
      } catch (error) {
        if (error instanceof OpenapiError) return { errCode: error.errCode, errMsg: error.errMsg }
        throw error
      }
    }
  },
}

function libraryOver({ env }: House, provider: Provider) {
  const instance = instanceOf([{ label: 'the test', read: (name) => env[name] }], {}, {})
  const open = () => openProvider(contextOf(instance, certifiedSettings), provider)
  return paymentMethods({ instance, clientType: undefined, open })
}
