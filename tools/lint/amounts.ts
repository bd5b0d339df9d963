import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/**
 * The rule: outside `shared/money.ts` nobody calculates with an amount. Amounts are compared, passed on, written with
 * `String` or a template, and summed by `sumOf`; no arithmetic operator, no `Math`, no conversion to or from a float
 * touches them. An amount is what has the type `Fen`, or a name that says so, since arithmetic and plain inputs are
 * numbers to the compiler.
 */
const MONEY = join('shared', 'money.ts')

const NAMED = /(?:fee|fen|amount|yuan|price)s?\b/i

const OPERATORS: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken, ts.SyntaxKind.AsteriskToken],
  ...[ts.SyntaxKind.SlashToken, ts.SyntaxKind.PercentToken, ts.SyntaxKind.AsteriskAsteriskToken],
  ...[ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.MinusEqualsToken, ts.SyntaxKind.AsteriskEqualsToken],
  ...[ts.SyntaxKind.SlashEqualsToken, ts.SyntaxKind.PercentEqualsToken],
  ...[ts.SyntaxKind.AsteriskAsteriskEqualsToken, ts.SyntaxKind.AmpersandToken, ts.SyntaxKind.BarToken],
  ...[ts.SyntaxKind.CaretToken, ts.SyntaxKind.LessThanLessThanToken],
  ...[ts.SyntaxKind.GreaterThanGreaterThanToken, ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken],
])

const FLOAT_FUNCTIONS = /^(?:Math\.\w+|(?:Number\.)?parse(?:Float|Int)|Number)$/
const FLOAT_METHODS = /^to(?:Fixed|Precision|Exponential)$/

/** A place that breaks the rule. */
export interface Offence {
  /** Relative to the root. */
  file: string
  /** From 1. */
  line: number
  text: string
}

/** Every offence in the TypeScript files under `shared` and `functions`, and in `planted`: texts by relative path. */
export function amountOffences(root: string, planted: Readonly<Record<string, string>> = {}): Offence[] {
  const program = programOf(root, planted)
  const checker = program.getTypeChecker()
  const isAmount = amountTest(program, checker, join(root, MONEY))
  return program.getSourceFiles().flatMap((source) => {
    const file = relative(root, source.fileName)
    const isRuled = /^(?:shared|functions)[\\/]/.test(file) && file !== MONEY
    return isRuled ? offencesIn(source, isAmount).map((offence) => ({ file, ...offence })) : []
  })
}

function programOf(root: string, planted: Readonly<Record<string, string>>): ts.Program {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const include = ['shared', 'functions']
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config.config, include }, ts.sys, root)
  const texts = new Map(Object.entries(planted).map(([file, text]) => [join(root, file), text]))
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = (file) => texts.get(file) ?? readFile(file)
  host.fileExists = (file) => texts.has(file) || fileExists(file)
  return ts.createProgram([...fileNames, ...texts.keys()], options, host)
}

type AmountTest = (node: ts.Expression) => boolean

function amountTest(program: ts.Program, checker: ts.TypeChecker, home: string): AmountTest {
  const source = program.getSourceFile(home)
  const declared = source?.statements.find(ts.isTypeAliasDeclaration)
  if (!declared) throw new Error(`${home} no longer declares Fen`)
  const fen = checker.getTypeAtLocation(declared)
  const typed = (node: ts.Expression): boolean => {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(node))
    const isNothing = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Never)) !== 0
    return !isNothing && checker.isTypeAssignableTo(type, fen)
  }
  return (node) => !ts.isStringLiteralLike(node) && (typed(node) || NAMED.test(node.getText()))
}

function offencesIn(source: ts.SourceFile, isAmount: AmountTest): Omit<Offence, 'file'>[] {
  const found: Omit<Offence, 'file'>[] = []
  const visit = (node: ts.Node): void => {
    if (calculated(node).some(isAmount)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      found.push({ line: line + 1, text: node.getText(source) })
    }
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

/** What this node calculates with. */
function calculated(node: ts.Node): readonly ts.Expression[] {
  if (ts.isBinaryExpression(node))
    return OPERATORS.has(node.operatorToken.kind) ? [node.left, node.right] : []
  if (ts.isPostfixUnaryExpression(node)) return [node.operand]
  if (ts.isPrefixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.ExclamationToken ? [] : [node.operand]
  }
  if (!ts.isCallExpression(node)) return []
  const { expression, arguments: given } = node
  if (FLOAT_FUNCTIONS.test(expression.getText())) return given
  const isMethod = ts.isPropertyAccessExpression(expression) && FLOAT_METHODS.test(expression.name.text)
  return isMethod ? [expression.expression] : []
}

/** `npm run lint` runs this file; it exits with 1 where the rule is broken. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const offences = amountOffences(process.cwd())
  for (const { file, line, text } of offences) {
    console.error(`${file}:${line}: calculates with an amount: ${text}`)
  }
  process.exitCode = offences.length > 0 ? 1 : 0
}
