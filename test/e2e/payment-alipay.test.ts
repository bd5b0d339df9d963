import { testPayments } from './payments.js'

testPayments('alipay')
