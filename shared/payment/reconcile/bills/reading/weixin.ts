import { createHash } from 'node:crypto'
import type { Tally } from '../../../../money.js'
import { billRefused } from '../../../bill.js'
import type { RawBill } from '../../../provider.js'
import { Captions, caption, totalDifferences } from './captions.js'
import { bare, lines, unpackedBytes } from './lines.js'
import type { BillRows, BillSummary } from './row.js'

/** How one kind of WeChat Pay's bills is read. */
export interface WeixinTable<Row> {
  /** The first caption of the line of totals. */
  totalsBegin: string
  /** The sums of a bill of these totals: what each is called, and what it adds up. */
  totals: Readonly<Record<string, { name: string; places: 0 | 2 | 5 }>>
  /** Reads rows under such captions and adds them up. */
  reader(captions: Captions): {
    tally: Tally
    row(fields: readonly string[], line: number): Row
  }
}

const BACKQUOTE = 0x60
const UTF8_BOM = '\ufeff'

const decode = (bytes: Buffer): string => bytes.toString('utf8')

/**
 * The rows of a bill of WeChat Pay, V2's or V3's: captions, rows, captions of totals, totals. Everything is read by
 * caption. Nothing of the rows counts before the end, where the digest is compared and the totals are: BILL_REFUSED for
 * another file than was announced, and for one that is cut short or has a row that cannot be read for certain.
 */
export async function* weixinRows<Row>({ file, sha1 }: RawBill, table: WeixinTable<Row>): BillRows<Row> {
  refuseComplaint(file)
  const digest = createHash('sha1')
  const reading = new Reading(table)
  const observed = async function* () {
    for await (const piece of unpackedBytes(file)) {
      digest.update(piece)
      yield piece
    }
  }
  for await (const some of lines(observed(), decode)) {
    const rows = reading.read(some)
    if (rows.length > 0) yield rows
  }
  const found = digest.digest('hex')
  if (sha1 !== undefined && !isAnnounced(file, sha1.toLowerCase(), found)) {
    throw billRefused('has another hash than WeChat Pay announced')
  }
  return reading.end(found)
}

/** The hash is that of the unpacked file; for some bills WeChat Pay's pages leave open which one is meant. */
const isAnnounced = (file: Buffer, announced: string, unpacked: string): boolean =>
  announced === unpacked || announced === createHash('sha1').update(file).digest('hex')

/** V2 complains in XML, V3 in JSON, neither of which is a bill. */
function refuseComplaint(file: Buffer): void {
  const start = file.toString('utf8', 0, 64).replace(UTF8_BOM, '').trimStart()
  if (start.startsWith('<') || start.startsWith('{')) throw billRefused('is an answer of another kind')
}

class Reading<Row> {
  readonly #table: WeixinTable<Row>
  #reader: ReturnType<WeixinTable<Row>['reader']> | undefined
  #columns = 0
  #line = 0
  #rows = 0
  #totals: { captions: string[]; values?: string[] } | undefined

  constructor(table: WeixinTable<Row>) {
    this.#table = table
  }

  read(some: readonly string[]): Row[] {
    const rows: Row[] = []
    for (const raw of some) {
      this.#line++
      const line = bare(raw)
      if (this.#totals) this.#readTotals(line)
      else if (this.#reader === undefined) this.#open(line)
      else if (line.charCodeAt(0) === BACKQUOTE && !this.#beginsTotals(line)) {
        rows.push(this.#reader.row(this.#fields(line), this.#line))
      } else if (this.#beginsTotals(line)) this.#totals = { captions: line.split(',').map(caption) }
      else throw this.#refused('cannot be read')
    }
    this.#rows += rows.length
    return rows
  }

  #open(line: string): void {
    const captions = new Captions(line.split(','))
    this.#columns = captions.count
    this.#reader = this.#table.reader(captions)
  }

  #beginsTotals(line: string): boolean {
    const { totalsBegin } = this.#table
    return line.startsWith(totalsBegin) || line.startsWith(totalsBegin, 1)
  }

  #readTotals(line: string): void {
    const totals = this.#totals
    if (!totals || line.trim() === '') return
    if (totals.values) throw this.#refused('follows the totals')
    totals.values = splitRow(line)
    if (totals.values.length !== totals.captions.length)
      throw this.#refused('has not one total for each caption')
  }

  /** The fields of a row, as many as there are captions: never shifted, or the bill is refused. */
  #fields(line: string): string[] {
    const fields = splitRow(line)
    if (fields.length === this.#columns) return fields
    const quoted = splitQuoted(line)
    if (quoted?.length === this.#columns) return quoted
    throw this.#refused(`has ${fields.length} fields under ${this.#columns} captions`)
  }

  #refused(what: string) {
    return billRefused(`has a line that ${what} (line ${this.#line})`)
  }

  end(sha1: string): BillSummary {
    const { values, captions = [] } = this.#totals ?? {}
    if (!this.#reader || !values) throw billRefused('is cut short: its totals are missing')
    const { tally } = this.#reader
    const stated = captions.flatMap((name, at) => {
      const known = this.#table.totals[name]
      return known ? [{ ...known, caption: name, text: values[at] ?? '' }] : []
    })
    return { rows: this.#rows, sha1, totals: totalDifferences(tally, stated) }
  }
}

/** Every value has a backquote in front; commas inside values have none. */
const splitRow = (line: string): string[] => line.slice(1).split(',`')

/** Some readers met fields in quotes, `"` doubled inside. Undefined where the quotes do not come out even. */
function splitQuoted(line: string): string[] | undefined {
  const field = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y
  const fields: string[] = []
  for (;;) {
    const found = field.exec(line)
    if (!found) return undefined
    const [, quoted, plain = '', end] = found
    fields.push((quoted?.replaceAll('""', '"') ?? plain).replace(/^`/, ''))
    if (end === '') return fields
  }
}
