/**
 * What each of the project's commands takes, and the text that `--help` prints: the one place for both. A program reads its
 * arguments by `argumentsOf`, and `tools/main.ts` refuses what is not here before anything is built.
 */

interface Option {
  readonly type: 'boolean' | 'string'
  readonly default?: boolean | string
  /** What an option of type `string` may say, where that is listed. */
  readonly oneOf?: readonly string[]
}

export interface Command {
  /** Lines for people, the way it is called first. */
  readonly usage: string
  readonly options: Readonly<Record<string, Option>>
  /** How many words there may be besides options; none unless said. */
  readonly words?: number
  /** What the first word may be, where that is listed. */
  readonly firstWord?: readonly string[]
}

const SETTINGS_OPTIONS = {
  lang: { type: 'string' },
  stage: { type: 'string', default: 'dev' },
  env: { type: 'string' },
} as const

const SETTINGS_USAGE = `  --lang en|zh     the language; by default the shell's
  --stage <name>   reads .env and .env.<name>; dev by default, as serverless deploy
  --env <file>     reads this file instead: like .env, or a JSON object (config.json of uni-config-center)`

const MANY = Number.POSITIVE_INFINITY

/** By the name of the npm script. `coroner` is short for `doctor -- notice`. */
export const commands = {
  start: {
    usage: `npm start [-- --functions <folder>]   the local cloud with WeChat, WeChat Pay and Alipay behind it, until Ctrl+C

  --functions <folder>   also runs your own cloud functions: a folder with <name>/index.js, as in a uni-app project,
                         for example ../my-app/uniCloud-aliyun/cloudfunctions

Environment: PORT (9000) for the local cloud, TWIN_PORT (9001) for the platforms; 0 takes a free one. Settings in the
environment win over those of the local platforms. Without MONGODB_URI the data is in .data/.`,
    options: { functions: { type: 'string' } },
  },
  demo: {
    usage: `npm run demo -- [options]   one whole payment on this machine; exits with 0 when every step went well

  --provider weixin-v3|weixin-v2|alipay   the payment system; weixin-v3 by default
  --day                                   a merchant's whole day with all three, on a clock that is moved
  --json                                  one JSON object a step in place of sentences`,
    options: {
      day: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      provider: { type: 'string', default: 'weixin-v3', oneOf: ['weixin-v3', 'weixin-v2', 'alipay'] },
    },
  },
  build: {
    usage: `npm run build [function...] [-- --unicloud [edition] group-or-name...]   builds dist/

  function...                   only these functions; without any, all of them, the library, the client and the schemas
  --unicloud group-or-name...   what dist/uniCloud/ has: recommended (at first), all, groups (core, weixin, alipay,
                                payment) and functions; remembered
             edition            the first word, where it is aliyun, tencent or alipay: whose space it is for; aliyun
                                unless said. The group alipay stands second: --unicloud aliyun alipay
  --uni-modules                 behind --unicloud: uni-config-center is in uni_modules/, as in new projects
  --code-cache                  beside the functions what V8 makes of them, for this Node and those in CODE_CACHE_NODES,
                                started with CODE_CACHE_FLAGS (docs/performance.md)`,
    options: {
      unicloud: { type: 'boolean' },
      'uni-modules': { type: 'boolean' },
      'code-cache': { type: 'boolean' },
    },
    words: MANY,
  },
  test: {
    usage: `npm test [-- part-of-a-path...]   runs the tests

  part-of-a-path...   only the tests that have one of these in their path, on what was built last, such as
                      payment/orders; without any, builds, checks types and runs all`,
    options: {},
    words: MANY,
  },
  bench: {
    usage: `npm run bench [-- load [function...] | ratios | growth | bills | timer [orders] | answers [page]]   measures;
exits with 1 when something misses its limit

  load [function...]   how long built functions take to load, over an empty one
  ratios               signing and verifying beside bare node:crypto
  growth               how the work of verifying grows with the body
  bills                bills of a million rows: time for each, memory, and reading them beside csv-parse
  timer [orders]       a run of the minute timer beside a million settled orders, or so many; also on the server of
                       MONGODB_URI, in databases of its own
  answers [page]       first answers of cold functions, with and without code caches, database and platform included;
                       page writes docs/performance.md of it; BENCH_BASE=DIR compares with the build of another checkout`,
    options: {},
    words: MANY,
    firstWord: ['load', 'ratios', 'growth', 'bills', 'timer', 'answers'],
  },
  soak: {
    usage: `npm run soak -- [options]   thousands of orders while everything around them fails, then the books of both sides;
                                exits with 1 and a list when anything was lost, doubled, believed or not found

  --orders N                          10000 by default
  --store embedded|mongodb|both       MongoDB is the server of MONGODB_URI, or one that the tests bring along
  --seed TEXT                         gives the same chances again; printed at the beginning
  --kills N                           how often the cloud is killed, about; one for 80 orders by default
  --minutes N                         no further orders are made after that, and the rest goes on`,
    options: {
      orders: { type: 'string', default: '10000' },
      store: { type: 'string', default: 'both', oneOf: ['embedded', 'mongodb', 'both'] },
      seed: { type: 'string' },
      kills: { type: 'string' },
      minutes: { type: 'string' },
    },
  },
  fuzz: {
    usage: `npm run fuzz -- [options]   changed samples into everything that reads what anybody may send; exits with 1 when
                                anything is believed, falls, hangs or grows

  --count N     1000000 by default
  --from N      the first input's number: a run that was cut goes on there
  --seed TEXT   the input of a number depends on this alone; 1 by default
  --only TEXT   only readers that have this in their name, such as bill or notice`,
    options: {
      count: { type: 'string', default: '1000000' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
    },
  },
  doctor: {
    usage: `npm run doctor -- [options]                     looks at the settings, and at what they lead to
npm run doctor -- notice [options] [file]       why a captured callback does not verify

  --offline        looks at the settings alone; nothing leaves this machine
  --json           prints one JSON object in place of sentences
${SETTINGS_USAGE}`,
    options: {
      offline: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      ...SETTINGS_OPTIONS,
    },
  },
  reconcile: {
    usage: `npm run reconcile -- [options]   compares a day's bills with the orders; exits with 0 when nothing is open, with 1
                                 when something is or a bill could not be compared

  --date <day>     the Beijing day, 2026-11-29; yesterday by default
  --provider <p>   weixin-v3, weixin-v2 or alipay alone; by default every merchant in the settings
  --mch-id <id>    this merchant alone
  --csv <file>     where the differences go; by default reconcile-<day>.csv, written when there are any
  --data <folder>  the embedded store, where MONGODB_URI is not set; .data by default, the local cloud's
${SETTINGS_USAGE}`,
    options: {
      date: { type: 'string' },
      provider: { type: 'string', oneOf: ['weixin-v3', 'weixin-v2', 'alipay'] },
      'mch-id': { type: 'string' },
      csv: { type: 'string' },
      data: { type: 'string', default: '.data' },
      ...SETTINGS_OPTIONS,
    },
  },
  coroner: {
    usage: `npm run doctor -- notice [options] [file]   (npm run coroner is short for it)

The file, or standard input, holds a callback: HTTP text, its body alone, or evidence from the store.

  --at <time>      when it came: 2026-01-31T12:00:00+08:00, or milliseconds; else its time is not judged
${SETTINGS_USAGE}`,
    options: { at: { type: 'string' }, ...SETTINGS_OPTIONS },
    words: 1,
  },
  replay: {
    usage: `npm run replay -- [options] <id | file>   what a kept notice would do now, and does it with --apply
npm run replay -- --since <time>          the same of all that came since then, the refused ones too

An id is one that noticeList or an order's history shows; a file is what npm run doctor -- notice takes.

  --since <time>   2026-01-31T12:00:00+08:00, or milliseconds
  --apply          does what would happen, as if the notice came now; its events are delivered by eventDispatch
  --data <folder>  the embedded store, where MONGODB_URI is not set; by default .data, the local cloud's
${SETTINGS_USAGE}

Ends with 0 when everything verifies, with 1 when something does not.`,
    options: {
      since: { type: 'string' },
      apply: { type: 'boolean', default: false },
      data: { type: 'string', default: '.data' },
      ...SETTINGS_OPTIONS,
    },
    words: 1,
  },
  events: {
    usage: `npm run events -- list [options]              the events for the merchant's own service
npm run events -- resend [options] <id...>    makes them due again, under the same ids
npm run events -- resend --order <outTradeNo>  the same of one order's that were delivered or given up
npm run events -- resend --since <time>       and of all since then

  list             shows them, the oldest first
  resend           makes them due again; eventDispatch delivers them within a minute
  --state <state>  waiting, delivered or dead alone
  --order <number> of the order with this outTradeNo alone: with an id, nothing else is looked through for it
  --since <time>   2026-01-31T12:00:00+08:00, or milliseconds
  --json           prints one JSON object a line
  --data <folder>  the embedded store, where MONGODB_URI is not set; by default .data, the local cloud's
${SETTINGS_USAGE}

Ends with 1 when an id is not there.`,
    options: {
      state: { type: 'string', oneOf: ['waiting', 'delivered', 'dead'] },
      since: { type: 'string' },
      order: { type: 'string' },
      json: { type: 'boolean', default: false },
      data: { type: 'string', default: '.data' },
      ...SETTINGS_OPTIONS,
    },
    words: MANY,
    firstWord: ['list', 'resend'],
  },
  new: {
    usage: `npm run new <dotted.name>   such as npm run new wxacode.getUnlimited

Makes the folder of an API that is declared in shared/weixin/apis/ or shared/alipay/apis/; of one that is not, it prints
the declaration to start from.`,
    options: {},
    words: 1,
  },
  generate: {
    usage: 'npm run generate   writes shared/generated/ from the declarations',
    options: {},
  },
  docs: {
    usage:
      'npm run docs   writes the pages that follow from the declarations: docs/{api,clouds,errors,orders,doctor,diagnosis}.md and .zh-CN.md',
    options: {},
  },
  lint: {
    usage: 'npm run lint   Biome, and the rule that nobody calculates with amounts outside shared/money.ts',
    options: {},
  },
} as const satisfies Readonly<Record<string, Command>>

export type CommandName = keyof typeof commands
