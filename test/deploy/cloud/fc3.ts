import { type Domains, domainCall } from './domains.js'
import { type Call, functionCall, functionOf, triggerCall } from './fc2.js'
import type { Functions, Version } from './functions.js'
import { Refusal } from './refusal.js'
import { checkCpu, type Fields } from './rules.js'

/** Function Compute 3.0 (API 2023-03-30). */
export interface Account3 {
  functions: Functions
  domains: Domains
}

const VERSION: Version = {
  triggerConfigIsText: true,
  httpStandsAlone: false,
  check: checkCpu,
  limit: 1000,
}

/** The action of each call, by the list of operations of the API. */
const ACTIONS: Readonly<Record<string, string>> = {
  'GET functions': 'ListFunctions',
  'POST functions': 'CreateFunction',
  'GET functions/*': 'GetFunction',
  'PUT functions/*': 'UpdateFunction',
  'DELETE functions/*': 'DeleteFunction',
  'GET functions/*/code': 'GetFunctionCode',
  'POST functions/*/invocations': 'InvokeFunction',
  'GET functions/*/triggers': 'ListTriggers',
  'POST functions/*/triggers': 'CreateTrigger',
  'PUT functions/*/triggers/*': 'UpdateTrigger',
  'DELETE functions/*/triggers/*': 'DeleteTrigger',
  'GET custom-domains': 'ListCustomDomains',
  'POST custom-domains': 'CreateCustomDomain',
  'GET custom-domains/*': 'GetCustomDomain',
  'PUT custom-domains/*': 'UpdateCustomDomain',
  'DELETE custom-domains/*': 'DeleteCustomDomain',
}

export function checkAction({ method, parts }: Call, action: string | undefined): void {
  const shape = parts.map((part, index) => (index % 2 === 0 ? part : '*')).join('/')
  if (ACTIONS[`${method} ${shape}`] !== action) {
    throw new Refusal(400, 'InvalidAction', `${action} is not the action of ${method} ${shape}`)
  }
}

export async function call3(account: Account3, call: Call): Promise<Fields | undefined> {
  const [root, name, , trigger] = call.parts
  if (root === 'custom-domains') {
    const has = ({ functionName }: Fields) => account.functions.has(String(functionName))
    return domainCall(account.domains, call.method, name, call.body, has)
  }
  if (call.parts.length <= 2) return functionCall(account.functions, VERSION, call, name)
  return triggerCall(functionOf(account.functions, name), VERSION, call, trigger)
}
