import ts from 'typescript'
import { commentOf, isBinary } from '../catalog/types.js'
import { merged, type Parameter } from './parameters.js'

/** The fields of an answer beside `errCode` and `errMsg` as rows, nested ones with their path. */
export function results(checker: ts.TypeChecker, type: ts.Type, prefix = ''): Parameter[] {
  const alternatives = type.isUnion() ? type.types : [type]
  return merged(alternatives.map((each) => fields(checker, each, prefix)))
}

function fields(checker: ts.TypeChecker, type: ts.Type, prefix: string): Parameter[] {
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || isMap(checker, type)) return []
  return checker.getPropertiesOfType(type).flatMap((property) => {
    const required = (property.flags & ts.SymbolFlags.Optional) === 0
    const given = checker.getNonNullableType(checker.getTypeOfSymbol(property))
    const description = [commentOf(checker, property), words(given)].filter(Boolean).join(' ')
    // A function's answer is JSON: a file in it is base64, under that name.
    if (isBinary(given)) return [{ name: `${prefix}base64`, type: 'string', required, description }]
    const path = `${prefix}${property.name}`
    const row = { name: path, type: typeOf(checker, given), required, description }
    return [row, ...nested(checker, given, path)]
  })
}

function nested(checker: ts.TypeChecker, type: ts.Type, path: string): Parameter[] {
  if (!checker.isArrayType(type))
    return typeOf(checker, type) === 'object' ? results(checker, type, `${path}.`) : []
  const [item] = checker.getTypeArguments(type as ts.TypeReference)
  return item ? results(checker, item, `${path}[].`) : []
}

const isMap = (checker: ts.TypeChecker, type: ts.Type): boolean =>
  checker.isArrayType(type) || checker.getIndexInfoOfType(type, ts.IndexKind.String) !== undefined

/** The texts that a field is one of. */
const words = (type: ts.Type): string =>
  (type.isUnion() ? type.types : [type])
    .flatMap((each) => (each.isStringLiteral() ? [`\`${each.value}\``] : []))
    .sort()
    .join(', ')

function typeOf(checker: ts.TypeChecker, type: ts.Type): string {
  const parts = type.isUnion() ? type.types : [type]
  return [...new Set(parts.map((part) => kindOf(checker, part)))].sort().join(' / ')
}

function kindOf(checker: ts.TypeChecker, type: ts.Type): string {
  const { flags } = type
  if (flags & ts.TypeFlags.StringLike) return 'string'
  if (flags & ts.TypeFlags.NumberLike) return 'number'
  if (flags & ts.TypeFlags.BooleanLike) return 'boolean'
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'any'
  // A brand on a number or a text says nothing over JSON.
  if (type.isIntersection()) {
    const bare = type.types.find((each) => each.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.StringLike))
    if (bare) return kindOf(checker, bare)
  }
  return checker.isArrayType(type) ? 'array' : 'object'
}
