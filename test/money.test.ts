import fc from 'fast-check'
import t from 'tap'
import { OpenapiError } from '../shared/errors/index.js'
import { fen, fenFromDigits, fenToYuan, MAX_FEN, yuanToFen } from '../shared/money.js'

const amount = fc.integer({ min: 1, max: MAX_FEN })

t.test('every amount from 1 fen to 10^12 survives yuan and back', async () => {
  fc.assert(
    fc.property(amount, (value) => yuanToFen(fenToYuan(fen(value)), 'totalFee') === value),
    { numRuns: 5000 },
  )
})

t.test('yuan are the fen with a point before the last two digits', async () => {
  fc.assert(
    fc.property(amount, (value) => {
      const yuan = fenToYuan(fen(value))
      return /^\d+\.\d\d$/.test(yuan) && BigInt(yuan.replace('.', '')) === BigInt(value)
    }),
    { numRuns: 5000 },
  )
})

t.test('digits on the wire are the amount', async () => {
  fc.assert(fc.property(amount, (value) => fenFromDigits(String(value), 'total_fee') === value))
})

t.test('the ends of the range', async (t) => {
  t.equal(fenToYuan(fen(0)), '0.00')
  t.equal(fenToYuan(fen(1)), '0.01')
  t.equal(fenToYuan(fen(MAX_FEN)), '10000000000.00')
  t.equal(yuanToFen('10000000000.00', 'x'), MAX_FEN)
  t.equal(yuanToFen('7', 'x'), 700)
  t.equal(yuanToFen('0.5', 'x'), 50)
})

t.test('what is no amount is refused, and the field is named', async (t) => {
  const wrong = [
    -1,
    0.5,
    1e-7,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    MAX_FEN + 1,
    '100',
    null,
    undefined,
    100n,
    [100],
  ]
  for (const value of wrong) {
    t.throws(() => fen(value), /^totalFee: /)
  }
  for (const text of ['', '-1', '1.5', '1e3', '0x10', ' 1', '1 ', '１', '99999999999999']) {
    t.throws(() => fenFromDigits(text, 'total_fee'), OpenapiError, `digits ${text}`)
  }
  for (const text of ['', '.5', '1.', '1.234', '-1', '1e2', '1,00', ' 1', 'NaN', '100000000000.00']) {
    t.throws(() => yuanToFen(text, 'total_amount'), OpenapiError, `yuan ${text}`)
  }
})
