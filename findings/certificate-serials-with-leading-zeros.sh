#!/usr/bin/env bash
# Guess: the serial number of a certificate is the same text from every library, up to its case.
# Version: @fidm/x509 1.2.1, node-forge 1.4.3, jsrsasign 11.1.5, @peculiar/x509 2.2.0, wechatpay-node-v3 2.2.1
# Seen:  where the first bit is set, DER puts a zero byte before it; @fidm/x509 1.2.1, node-forge
#        1.4.3 and jsrsasign 11.1.5 hand that byte on as `00`, node:crypto, OpenSSL and
#        @peculiar/x509 2.2.0 don't. wechatpay-node-v3 2.2.1 takes the number from @fidm/x509 and
#        writes `00f0...` into serial_no of its Authorization header.
# Why it matters here: half of all random serials have that bit; WeChat Pay names its certificates
#        by the forty digits that OpenSSL prints, so a comparison by text misses every second one.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @fidm/x509@1.2.1 node-forge@1.4.3 jsrsasign@11.1.5 @peculiar/x509@2.2.0 reflect-metadata@0.2.2 wechatpay-node-v3@2.2.1
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 3650 -subj /CN=1900000109 \
  -set_serial 0xF011223344556677889900AABBCCDDEEFF001122 2>/dev/null
cat > run.mjs <<'JS'
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import fs from 'node:fs'
import { Certificate } from '@fidm/x509'
import * as peculiar from '@peculiar/x509'
import jsrsasign from 'jsrsasign'
import forge from 'node-forge'
import WxPay from 'wechatpay-node-v3'
const pem = fs.readFileSync('cert.pem', 'utf8')
const x509 = new jsrsasign.X509()
x509.readCertPEM(pem)
const pay = new WxPay({
  appid: 'wx8888888888888888', mchid: '1900000109', publicKey: Buffer.from(pem), privateKey: fs.readFileSync('key.pem'),
})
const serials = {
  'node:crypto': new X509Certificate(pem).serialNumber,
  '@peculiar/x509': new peculiar.X509Certificate(pem).serialNumber,
  '@fidm/x509': Certificate.fromPEM(Buffer.from(pem)).serialNumber,
  'node-forge': forge.pki.certificateFromPem(pem).serialNumber,
  jsrsasign: x509.getSerialNumberHex(),
  'wechatpay-node-v3': /serial_no="([^"]+)"/.exec(pay.buildAuthorization('GET', '/v3/certificates'))[1],
}
for (const [library, serial] of Object.entries(serials)) {
  console.log(library.padEnd(18), serial)
  const zeros = !['node:crypto', '@peculiar/x509'].includes(library)
  assert.equal(serial.toUpperCase(), `${zeros ? '00' : ''}F011223344556677889900AABBCCDDEEFF001122`, library)
}
JS
node run.mjs
