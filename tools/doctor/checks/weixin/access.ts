import * as v from 'valibot'
import { OpenapiError } from '../../../../shared/errors/index.js'
import { json } from '../../../../shared/weixin/answer.js'
import { type WeixinApp, weixinApps } from '../../../../shared/weixin/app.js'
import { secretOf, send, type WeixinCall } from '../../../../shared/weixin/send.js'
import { hubUrl, readHub } from '../../../../shared/weixin/token/hub.js'
import { type Doctor, PATIENCE_MS } from '../../doctor.js'
import { NotYet } from '../../skipped.js'

const answer = json(v.object({ accessToken: v.string(), expiresIn: v.number() }))

/** Applications that have access tokens; a mobile application has none. */
export const tokenApps = ({ settings }: Doctor): WeixinApp[] =>
  weixinApps(settings).filter(({ kind }) => kind !== 'app')

/**
 * An access token of that application, asked for once. Always by `stable_token`, unforced: it hands out the token that
 * is in use and kills none, whatever the deployment does.
 */
export const tokenOf = (doctor: Doctor, app: WeixinApp): Promise<string> =>
  doctor.once(`token of ${app.appId}`, async () => {
    const hub = hubUrl(doctor.settings)
    if (hub !== undefined) {
      return (await readHub({ appId: app.appId }, doctor.operationContext(), PATIENCE_MS)).token
    }
    const context = doctor.operationContext()
    const fields = { grant_type: 'client_credential', appid: app.appId, secret: secretOf(app, context) }
    const { accessToken } = (await send(
      postOf('/cgi-bin/stable_token', fields, answer),
      app,
      undefined,
      context,
    )) as { accessToken: string }
    return accessToken
  })

/** The same for other checks: WeChat's refusal is a finding of the check of secrets, and they have to wait. */
export const workingToken = (doctor: Doctor, app: WeixinApp): Promise<string> =>
  tokenOf(doctor, app).catch((error: unknown) => {
    const isRefusal = error instanceof OpenapiError && !/^UPSTREAM_/.test(String(error.errCode))
    throw isRefusal ? new NotYet('secret-first', { app: app.appId }) : error
  })

const postOf = (path: string, fields: object, kind: WeixinCall['answer']): WeixinCall => ({
  ...{ api: path, method: 'POST', path, answer: kind, repeat: 'safe' },
  credential: 'none',
  body: { contentType: 'application/json', bytes: JSON.stringify(fields) },
})

const quotaAnswer = json(
  v.object({ quota: v.object({ dailyLimit: v.number(), used: v.number(), remain: v.number() }) }),
)

/** What is left today of one API's quota. https://developers.weixin.qq.com/doc/oplatform/openApi/OpenApiDoc/openapi/getApiQuota.html */
export interface Quota {
  dailyLimit: number
  remain: number
}

/** Rejects with WeChat's own code where it does not tell, and where the token is dead. */
export async function quotaOf(doctor: Doctor, app: WeixinApp, token: string, path: string): Promise<Quota> {
  const call = postOf('/cgi-bin/openapi/quota/get', { cgi_path: path }, quotaAnswer)
  const { quota } = (await send({ ...call, credential: 'token' }, app, token, doctor.operationContext())) as {
    quota: Quota
  }
  return quota
}
