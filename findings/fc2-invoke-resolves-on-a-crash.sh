#!/usr/bin/env bash
# Guess: invokeFunction of Alibaba's fc2 client rejects when the function crashed or timed out, and
#        gives the answer as text.
# Version: @alicloud/fc2 2.6.6
# Seen:  @alicloud/fc2 2.6.6 resolves: Function Compute answers 200 and names the failure in the
#        header x-fc-error-type alone. `data` is text or, where the answer is application/json, an
#        object, so JSON.parse(data) throws on some answers and not on others.
# Why it matters here: a server that called createOrder reads `undefined` out of a crash. Our page
#        on calling from one's own server looks at the header first and takes both forms.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund @alicloud/fc2@2.6.6
cat > run.cjs <<'JS'
const assert = require('node:assert/strict')
const http = require('node:http')
const Client = require('@alicloud/fc2')
const answers = {
  octets: [{ 'content-type': 'application/octet-stream' }, '{"errCode":0}'],
  json: [{ 'content-type': 'application/json' }, '{"errCode":0}'],
  crashed: [{ 'content-type': 'application/json', 'x-fc-error-type': 'UnhandledInvocationError' }, '{"errorMessage":"boom"}'],
}
const server = http.createServer((request, response) => {
  const [headers, body] = answers[request.url.split('/').at(-2)]
  response.writeHead(200, headers).end(body)
}).listen(0, '127.0.0.1', async () => {
  const client = new Client('123456789', {
    accessKeyID: 'id', accessKeySecret: 'secret', region: 'cn-hangzhou', endpoint: `http://127.0.0.1:${server.address().port}`,
  })
  try {
    const seen = {}
    for (const name of Object.keys(answers)) {
      const { data, headers } = await client.invokeFunction('service', name, '{}')
      seen[name] = typeof data
      console.log(name.padEnd(8), 'resolved,', typeof data, JSON.stringify(data), headers['x-fc-error-type'] ?? '')
    }
    assert.deepEqual(seen, { octets: 'string', json: 'object', crashed: 'object' })
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
  server.close()
  server.closeAllConnections()
})
JS
node run.cjs
