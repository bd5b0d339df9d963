#!/usr/bin/env bash
# Guess: a line break in `attach` of a version 2 notice from WeChat Pay, inside CDATA and signed as
#        it is, reaches everybody and fits its signature.
# Seen:  tenpay 2.1.18 (over sax) takes both LF and CR LF; wechatpay-axios-plugin 0.9.6 (over
#        fast-xml-parser) and Python's expat make LF of CR LF, as the XML standard says, so that a
#        message signed with CR LF is refused as forged; @dcloudio/uni-pay 1.0.2 loses any field
#        that holds a line break, and the field behind it, and says of mch_id that it does not fit.
# Why it matters here: merchants put several lines into attach; the payment is real, and its notice
#        is refused until WeChat gives up. Signatures are checked here over the bytes as they came.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @dcloudio/uni-pay@1.0.2 tenpay@2.1.18 wechatpay-axios-plugin@0.9.6
cat > run.cjs <<'JS'
const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const key = 'k'.repeat(32)
const [appid, mchid] = ['wx8888888888888888', '1900000109']
const outcome = async (take) => {
  try {
    return JSON.stringify((await take()).attach)
  } catch (error) {
    return `refused: ${error.message.slice(0, 60)}`
  }
}
const axiosPlugin = new (require('wechatpay-axios-plugin').Transformer)(mchid, key)
const tenpay = new (require('tenpay'))({ appid, mchid, partnerKey: key, notify_url: 'https://example.com' })
const uniPay = require('@dcloudio/uni-pay').initWeixin({ appId: appid, mchId: mchid, key, clientType: 'mp-weixin' })
const main = async () => {
  for (const [name, attach] of [['LF', 'a\nb'], ['CRLF', 'a\r\nb']]) {
    const notice = { appid, attach, mch_id: mchid, nonce_str: 'n', out_trade_no: 'A1', result_code: 'SUCCESS', return_code: 'SUCCESS', total_fee: '1' }
    const text = Object.keys(notice).sort().map((k) => `${k}=${notice[k]}`).join('&')
    const sign = crypto.createHash('md5').update(`${text}&key=${key}`).digest('hex').toUpperCase()
    const xml = `<xml>${Object.entries({ ...notice, sign }).map(([k, v]) => `<${k}><![CDATA[${v}]]></${k}>`).join('')}</xml>`
    fs.writeFileSync(`${name}.xml`, xml)
    const seen = {
      tenpay: await outcome(() => tenpay._parse(xml, 'middleware_pay', 'MD5')),
      'wechatpay-axios-plugin': await outcome(async () => {
        let read = xml
        for (const step of axiosPlugin.response) read = await step.call({ url: '/pay/orderquery' }, read)
        if (read instanceof Error) throw read
        return read
      }),
      'uni-pay': await outcome(() => uniPay.verifyPaymentNotify({ body: xml })),
    }
    for (const [library, answer] of Object.entries(seen)) console.log(name.padEnd(4), library.padEnd(23), answer)
    assert.equal(seen.tenpay, JSON.stringify(attach))
    assert.equal(seen['wechatpay-axios-plugin'].startsWith('refused'), name === 'CRLF')
    assert.ok(seen['uni-pay'].startsWith('refused'))
  }
}
main().catch((error) => { console.error(error); process.exitCode = 1 })
JS
node run.cjs
python3 - <<'PY'
import xml.etree.ElementTree as tree
read = [tree.fromstring(open(name + '.xml', newline='').read()).find('attach').text for name in ('LF', 'CRLF')]
print('expat', read)
assert read == ['a\nb', 'a\nb']
PY
