import ts from 'typescript'
import { commentOf, isBinary } from './types.js'

/** Prints types as text that needs no other declaration. */
export class Printer {
  constructor(private readonly checker: ts.TypeChecker) {}

  /** `omit` are the properties of the outermost object that do not concern the reader. */
  text(type: ts.Type, omit: ReadonlySet<string> = new Set()): string {
    if (type.isUnion()) return this.#union(type.types, omit)
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'unknown'
    if (type.isIntersection()) return this.#intersection(type, omit)
    if (type.flags & ts.TypeFlags.Object) return this.#object(type as ts.ObjectType, omit)
    return this.checker.typeToString(type)
  }

  #union(types: readonly ts.Type[], omit: ReadonlySet<string>): string {
    const parts = types.filter((each) => !isBinary(each)).map((each) => this.text(each, omit))
    const isFlag = parts.includes('true') && parts.includes('false')
    const words = isFlag ? [...parts.filter((each) => each !== 'true' && each !== 'false'), 'boolean'] : parts
    // The compiler's own order depends on what it met first, anywhere.
    return [...new Set(words)].sort().join(' | ')
  }

  /** A brand on a number or a text says nothing over JSON. */
  #intersection(type: ts.IntersectionType, omit: ReadonlySet<string>): string {
    const bare = type.types.find((each) => each.flags & (ts.TypeFlags.Number | ts.TypeFlags.String))
    return bare ? this.checker.typeToString(bare) : this.#members(type, omit)
  }

  #object(type: ts.ObjectType, omit: ReadonlySet<string>): string {
    const { checker } = this
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference)
      return item ? `Array<${this.text(item)}>` : 'unknown[]'
    }
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String)
    return index ? `Record<string, ${this.text(index.type)}>` : this.#members(type, omit)
  }

  #members(type: ts.Type, omit: ReadonlySet<string>): string {
    const members = this.checker
      .getPropertiesOfType(type)
      .filter(({ name }) => !omit.has(name))
      .map((property) => this.#member(property))
    if (members.length === 0) return 'Record<never, never>'
    const isLong = members.some((member) => member.startsWith('/**'))
    return isLong ? `{\n${members.join('\n')}\n}` : `{ ${members.join('; ')} }`
  }

  #member(property: ts.Symbol): string {
    const type = this.checker.getTypeOfSymbol(property)
    // A function's answer is JSON: a file in it is base64, under that name.
    if (isBinary(type)) return 'base64: string'
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0
    const text = this.text(isOptional ? this.checker.getNonNullableType(type) : type)
    const name = /^[\w$]+$/.test(property.name) ? property.name : JSON.stringify(property.name)
    return `${this.#comment(property)}${name}${isOptional ? '?' : ''}: ${text}`
  }

  #comment(property: ts.Symbol): string {
    const text = commentOf(this.checker, property)
    return text === '' ? '' : `/** ${text} */\n`
  }
}
