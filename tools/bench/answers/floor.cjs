'use strict'
// What nobody can do without who takes a V3 notice in with a MongoDB-protocol server: load the driver and connect, verify,
// decrypt, and write twice. FLOOR: `{ vendor, key, apiKey }`, where the driver lies, and the keys.
const { createDecipheriv, verify } = require('node:crypto')

exports.main = async ({ headers, body }) => {
  const { vendor, key, apiKey } = JSON.parse(process.env.FLOOR)
  const { MongoClient } = require(vendor)
  const connecting = new MongoClient(process.env.MONGODB_URI).connect()
  const [timestamp, nonce] = [headers['wechatpay-timestamp'], headers['wechatpay-nonce']]
  const signature = Buffer.from(headers['wechatpay-signature'], 'base64')
  if (!verify('sha256', `${timestamp}\n${nonce}\n${body}\n`, key, signature)) throw new Error('forged')
  const { associated_data, nonce: iv, ciphertext } = JSON.parse(body).resource
  const sealed = Buffer.from(ciphertext, 'base64')
  const cipher = createDecipheriv('aes-256-gcm', apiKey, iv)
    .setAAD(Buffer.from(associated_data))
    .setAuthTag(sealed.subarray(-16))
  const payment = JSON.parse(cipher.update(sealed.subarray(0, -16)) + cipher.final('utf8'))
  const db = (await connecting).db('floor')
  await db.collection('notices').insertOne({ payment, raw: body })
  const change = { $set: { state: 'PAID', payment } }
  await db.collection('orders').updateOne({ _id: payment.out_trade_no }, change, { upsert: true })
  return { statusCode: 204 }
}
