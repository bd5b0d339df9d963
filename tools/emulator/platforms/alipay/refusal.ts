const messages: Readonly<Record<string, string>> = {
  20000: 'Service Currently Unavailable',
  40001: 'Missing Required Arguments',
  40002: 'Invalid Arguments',
  40004: 'Business Failed',
}

/** Alipay says no: the method did not do what was asked. */
export class AlipayRefusal extends Error {
  constructor(
    readonly code: '20000' | '40001' | '40002' | '40004',
    readonly subCode: string,
    message: string,
  ) {
    super(message)
  }

  /** As it stands in an answer. */
  get fields(): object {
    const { code, subCode, message } = this
    return { code, msg: messages[code], sub_code: subCode, sub_msg: message }
  }
}

/** The gateway says no before it knows with whom it speaks: such an answer is not signed. */
export class GatewayRefusal extends AlipayRefusal {}

export const missing = (name: string, what: string): GatewayRefusal =>
  new GatewayRefusal('40001', `isv.missing-${name}`, `缺少${what}参数`)

export const invalid = (name: string, text: string): GatewayRefusal =>
  new GatewayRefusal('40002', `isv.${name}`, text)

/** What other methods say to a parameter that cannot be. */
export const invalidParameter = (name: string): AlipayRefusal =>
  new AlipayRefusal('40002', 'isv.invalid-parameter', `参数无效：${name}`)

/** What the methods of payments say to a parameter that cannot be. */
export const wrongParameter = (name: string): AlipayRefusal =>
  new AlipayRefusal('40004', 'ACQ.INVALID_PARAMETER', `参数无效：${name}`)

export const refused = (subCode: string, text: string): AlipayRefusal =>
  new AlipayRefusal('40004', subCode, text)
