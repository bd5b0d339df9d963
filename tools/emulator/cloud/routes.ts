import { type CloudContext, FunctionFailure } from './calls.js'
import { fcHttpHandler, runFc2, runFc3 } from './functionCompute/http.js'
import { FC_PREFIX, fcHandler } from './functionCompute/invoke.js'
import { type Exchange, type HttpAnswer, json } from './http.js'
import { type Timers, UnknownTimer } from './timers.js'
import { clientHandler } from './unicloud/client.js'
import { checkFunction, debugFunction, ping } from './unicloud/debugging.js'
import { urlHandler } from './unicloud/url.js'

/** One way in. A path that ends in a slash stands for everything below it, which the door gets as `rest`. */
export interface Route {
  method: 'GET' | 'POST' | 'ANY'
  path: string
  /** Said by `GET /`. */
  about: string
  handle(exchange: Exchange, rest: string): Promise<HttpAnswer>
}

/** Below it stand the functions' paths, as below a uniCloud space's domain. */
export const URL_PREFIX = '/http'

const URL_PREFIXES = [URL_PREFIX, '/fc2', '/fc3'] as const

/** Whether a path belongs to a function behind a URL, which speaks for itself about methods and origins. */
export const isUrlPath = (path: string): boolean =>
  URL_PREFIXES.some((prefix) => path.startsWith(`${prefix}/`))

/** Every way in of the local cloud. */
export function routesOf(cloud: CloudContext, timers: Timers): Route[] {
  const [http, fc2, fc3] = URL_PREFIXES
  const routes: Route[] = [
    post('/client', 'uniCloud.callFunction of the client library', clientHandler(cloud)),
    post('/cloudfunctions/', 'uniCloud local debugging: runs a function', (exchange, name) =>
      debugFunction(cloud, exchange, name),
    ),
    {
      method: 'GET',
      path: '/system/ping',
      about: 'uniCloud local debugging: is somebody there',
      handle: ping,
    },
    post('/system/check-function', 'uniCloud local debugging: is this function here', (exchange) =>
      checkFunction(cloud, exchange),
    ),
    {
      method: 'ANY',
      path: FC_PREFIX,
      about: 'Function Compute 2.0: the invoke API',
      handle: fcHandler(cloud),
    },
    any(`${http}/`, 'functions by URL, as uniCloud calls them', urlHandler(cloud, http)),
    any(`${fc2}/`, 'functions by URL, as Function Compute 2.0 calls them', fcHttpHandler(cloud, fc2, runFc2)),
    any(`${fc3}/`, 'functions by URL, as Function Compute 3.0 calls them', fcHttpHandler(cloud, fc3, runFc3)),
    post('/timers/', 'runs a scheduled function now', (_exchange, name) => fireNow(timers, name)),
  ]
  return [
    ...routes,
    { method: 'GET', path: '/', about: 'this list', handle: async () => listing(cloud, routes) },
  ]
}

const post = (path: string, about: string, handle: Route['handle']): Route => ({
  method: 'POST',
  path,
  about,
  handle,
})

const any = (path: string, about: string, handle: Route['handle']): Route => ({
  method: 'ANY',
  path,
  about,
  handle,
})

/** Finds the handle of a request and knocks. */
export async function answerRoute(routes: readonly Route[], exchange: Exchange): Promise<HttpAnswer> {
  const { path, method } = exchange
  const found = routes.filter((route) => isAt(route, path))
  const route = found.find((each) => each.method === 'ANY' || each.method === method)
  if (route) return route.handle(exchange, path.slice(route.path.length))
  const status = found.length > 0 ? 405 : 404
  const message = `there is no ${method} ${path}; GET / lists what there is`
  return json(status, { code: status === 405 ? 'MethodNotAllowed' : 'NotFound', message })
}

const isAt = (route: Route, path: string): boolean =>
  route.path.endsWith('/') && route.path !== '/' ? path.startsWith(route.path) : path === route.path

function listing({ bundles }: CloudContext, routes: readonly Route[]): HttpAnswer {
  return json(200, {
    doors: routes.map(({ method, path, about }) => ({ method, path, about })),
    functions: bundles.configs.map(({ name, title, reach, path, every }) => ({
      name,
      title,
      reach,
      path,
      every,
    })),
  })
}

async function fireNow(timers: Timers, name: string): Promise<HttpAnswer> {
  try {
    return json(200, await timers.fire(name))
  } catch (error) {
    if (error instanceof UnknownTimer) return json(404, { code: 'TimerNotFound', message: error.message })
    if (error instanceof FunctionFailure)
      return json(500, { code: 'FunctionBizError', message: error.message })
    throw error
  }
}
