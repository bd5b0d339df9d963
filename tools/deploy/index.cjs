/**
 * What `plugins:` of serverless.yml names. Serverless Framework 3 loads CommonJS; the plugin itself is TypeScript like
 * everything else here and needs no build of its own.
 */
const { require: load } = require('tsx/cjs/api')

module.exports = load('./plugin.ts', __filename).FunctionComputePlugin
