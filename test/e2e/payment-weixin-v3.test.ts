import { testPayments } from './payments.js'

testPayments('weixin-v3')
