import { initAlipay, initWeixin } from '../../shared/library/index.js'

const instances: readonly object[] = [
  initWeixin({ appId: 'any' }),
  initAlipay({ appId: 'any', privateKey: 'any' }),
]

/** Whether the library has it as a method: what answers providers, runs by timer or keeps orders is a function alone. */
export const isLibraryMethod = (dotted: string): boolean =>
  instances.some((instance) => {
    let at: unknown = instance
    for (const word of dotted.split('.')) at = Object(at)[word]
    return typeof at === 'function'
  })
