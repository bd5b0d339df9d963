/** Texts that readers may stumble over, by the piece that is repeated; a genuine message can carry each. */
export const texts: Readonly<Record<string, string>> = {
  letters: 'a',
  'Chinese characters': '茶',
  'quotes and backslashes': '"\\',
  ampersands: '&',
  entities: '&#38;&lt;',
  'ends of CDATA': ']]>',
  'percent and plus signs': '%2B+',
  'line ends': '\r\n',
  brackets: '[{',
}

/** Whole bodies of about `size` bytes that no provider sends. */
export type Bodies = Readonly<Record<string, (size: number) => string>>

const filled = (before: string, piece: string, after: string, size: number): string =>
  before + piece.repeat(Math.max(0, (size - before.length - after.length) / piece.length)) + after

const numbered = (size: number, field: (number: string) => string, between = ''): string =>
  Array.from({ length: Math.floor(size / (field('00000').length + between.length)) }, (_, i) =>
    field(String(i).padStart(5, '0')),
  ).join(between)

/** Makes as many fields as are taken fill the largest message. */
const LONG = '1'.repeat(50)

export const xmlBodies: Bodies = {
  'many fields': (size) => `<xml>${numbered(size - 11, (n) => `<f${n}>${LONG}</f${n}>`)}</xml>`,
  'the same field': (size) => filled('<xml>', '<a/>', '</xml>', size),
  'fields in fields': (size) => filled('<xml>', '<a>', '', size),
  'CDATA by the piece': (size) => filled('<xml><a>', '<![CDATA[]]>', '</a></xml>', size),
  'CDATA without an end': (size) => filled('<xml><a>', '<![CDATA[', '', size),
  'a field without an end': (size) => filled('<xml><a', ' ', '', size),
  entities: (size) => filled('<xml><a>', '&amp;', '</a></xml>', size),
  'an unknown entity at the end': (size) => filled('<xml><a>', '&amp;', '&x;</a></xml>', size),
}

export const formBodies: Bodies = {
  'many fields': (size) => `sign=x&${numbered(size - 7, (n) => `f${n}=1`, '&')}`,
  'the same field': (size) => filled('sign=x', '&a=1', '', size),
  ampersands: (size) => filled('sign=x', '&', '', size),
  'equals signs': (size) => filled('sign=x&a', '=', '', size),
  'percent signs': (size) => filled('sign=x&a=', '%41', '', size),
  'a broken percent sign at the end': (size) => filled('sign=x&a=', '%41', '%', size),
  'a long name': (size) => filled('sign=x&', 'a', '=1', size),
}

/** In the member that an answer of Alipay's has; to others it is a member like any. */
const BEFORE = '{"alipay_trade_query_response":'

function nested(opening: string, closing: string, size: number): string {
  const depth = Math.floor((size - `${BEFORE}1}`.length) / (opening + closing).length)
  return `${BEFORE}${opening.repeat(depth)}1${closing.repeat(depth)}}`
}

export const jsonBodies: Bodies = {
  'many members': (size) => `${BEFORE}{${numbered(size - 33, (n) => `"f${n}":1`, ',')}}}`,
  'many members at the top': (size) => `{${numbered(size - 2, (n) => `"f${n}":1`, ',')}}`,
  'lists in lists': (size) => nested('[', ']', size),
  'lists without an end': (size) => filled(BEFORE, '[', '', size),
  'objects in objects': (size) => nested('{"a":', '}', size),
  'many texts': (size) => filled(`${BEFORE}[`, '"",', '""]}', size),
  'a text without an end': (size) => filled(`${BEFORE}"`, '\\"', '', size),
  escapes: (size) => filled(`${BEFORE}"`, '\\u0041', '"}', size),
  spaces: (size) => filled(BEFORE, ' ', '1}', size),
}
