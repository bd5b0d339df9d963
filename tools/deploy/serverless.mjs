import { createRequire } from 'node:module'

/** `npm run serverless -- <command>`: the Serverless Framework without its telemetry and its notifications. */
process.env.SLS_TELEMETRY_DISABLED ??= '1'
process.env.SLS_NOTIFICATIONS_MODE ??= 'off'
createRequire(import.meta.url)('serverless/bin/serverless.js')
