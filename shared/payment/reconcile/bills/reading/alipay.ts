import { createHash, type Hash } from 'node:crypto'
import type { Tally } from '../../../../money.js'
import { billRefused } from '../../../bill.js'
import type { RawBill } from '../../../provider.js'
import { Captions, totalDifferences } from './captions.js'
import { bare } from './lines.js'
import { memberLines, members } from './members.js'
import type { BillRows } from './row.js'

/** A sum that some line of the bill states. */
export interface Stated {
  name: string
  places: 0 | 2
  text: string
  caption: string
}

/** How one kind of Alipay's bills is read. */
export interface AlipayTable<Row> {
  /** The first lines of the members with rows, and of those with sums. */
  details: string
  summary: string
  /** Where a name may hold commas, the column of that name and the first of the columns that must be times. */
  anchor(captions: Captions): { name: number; times: readonly number[]; remark: number }
  reader(captions: Captions, tally: Tally): (fields: readonly string[], line: number) => Row
  /** What a line behind the rows states, if anything. */
  footer(line: string): Stated[]
  /** What the line of all sums in a summary states. */
  totals(captions: Captions, fields: readonly string[]): Stated[]
  tally(): Tally
}

/**
 * The rows of a bill of Alipay's: an archive of GBK texts, in which the first line of each says what it is. Everything is
 * read by caption. BILL_REFUSED for what is cut short, or has a row that cannot be read for certain; nothing of the rows
 * counts before the end, where the totals are compared.
 */
export async function* alipayRows<Row>({ file }: RawBill, table: AlipayTable<Row>): BillRows<Row> {
  const digest = createHash('sha1')
  const tally = table.tally()
  const stated: Stated[] = []
  let rows = 0
  let details = 0
  for (const entry of members(file)) {
    let member: Member<Row> | undefined
    for await (const some of memberLines(entry)) {
      member ??= new Member(table, tally, kindOf(table, some[0] ?? ''), digest)
      if (member.kind === 'foreign') break
      const found = member.read(some)
      rows += found.length
      if (found.length > 0) yield found
    }
    if (!member || member.kind === 'foreign') continue
    stated.push(...member.end())
    if (member.kind === 'details') details += 1
  }
  if (details === 0) throw billRefused('has no member of the kind that was asked for')
  // Of several members each states its own sums.
  const totals = details === 1 ? totalDifferences(tally, stated) : []
  return { rows, sha1: digest.digest('hex'), totals }
}

type MemberKind = 'details' | 'summary' | 'foreign'

function kindOf<Row>({ details, summary }: AlipayTable<Row>, line: string): MemberKind {
  if (!line.startsWith('#')) throw billRefused('has a member that does not say what it is')
  if (line.startsWith(details)) return 'details'
  return line.startsWith(summary) ? 'summary' : 'foreign'
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

/** What a spreadsheet would spoil has a tab at its end. */
export const trimmed = (field: string | undefined): string => field?.trim() ?? ''

class Member<Row> {
  readonly #table: AlipayTable<Row>
  readonly #tally: Tally
  #captions: Captions | undefined
  #anchor: ReturnType<AlipayTable<Row>['anchor']> | undefined
  #row: ReturnType<AlipayTable<Row>['reader']> | undefined
  #isOver = false
  /** Where the list ends. */
  #lastLine = Number.POSITIVE_INFINITY
  #line = 0
  #stated: Stated[] = []

  constructor(
    table: AlipayTable<Row>,
    tally: Tally,
    readonly kind: MemberKind,
    /** Sees the table alone: what follows it has the time of the export, and another one each time. */
    private readonly digest: Hash,
  ) {
    this.#table = table
    this.#tally = tally
  }

  read(some: readonly string[]): Row[] {
    const rows: Row[] = []
    const before = this.#line
    for (const raw of some) {
      this.#line++
      const line = bare(raw)
      if (line.startsWith('#')) this.#mark(line)
      else if (line.trim() === '') continue
      else if (this.#isOver) throw this.#refused('follows the end of the list')
      else if (!this.#captions) this.#open(line)
      else if (this.kind === 'summary') this.#sum(this.#captions, line)
      else if (this.#row) rows.push(this.#row(this.#fields(line), this.#line))
    }
    if (this.kind === 'details') this.#observe(some, before)
    return rows
  }

  #observe(some: readonly string[], before: number): void {
    const shown = Math.max(0, this.#lastLine - before)
    if (shown > 0) this.digest.update((shown < some.length ? some.slice(0, shown) : some).join('\n'))
  }

  /** A line that begins with `#`: the first one behind rows has to end the list, or the member is cut. */
  #mark(line: string): void {
    if (!this.#captions) return
    if (!this.#isOver && !line.includes('列表结束')) throw this.#refused('stands where the list should end')
    if (!this.#isOver) this.#lastLine = this.#line
    this.#isOver = true
    if (this.kind === 'details') this.#stated.push(...this.#table.footer(line))
  }

  #open(line: string): void {
    this.#captions = new Captions(line.split(','))
    if (this.kind === 'summary') return
    this.#anchor = this.#table.anchor(this.#captions)
    this.#row = this.#table.reader(this.#captions, this.#tally)
  }

  #sum(captions: Captions, line: string): void {
    const fields = line.split(',').map(trimmed)
    if (fields[0] === '合计') this.#stated.push(...this.#table.totals(captions, fields))
  }

  /**
   * As many fields as there are captions. Nothing is quoted, so a name with commas makes more of them: the times behind
   * the name tell where it ends, and what is left over at the end belongs to the remark.
   */
  #fields(line: string): string[] {
    const fields = line.split(',')
    const { count } = this.#captions ?? { count: 0 }
    if (fields.length === count) return fields
    const { name, times, remark } = this.#anchor ?? { name: 0, times: [], remark: -1 }
    const [first = 0] = times
    for (let extra = 0; extra <= fields.length - count; extra++) {
      if (!times.every((at) => TIME.test(trimmed(fields[at + extra])))) continue
      const joined = name < first ? merged(fields, name, extra) : extra === 0 ? fields : undefined
      const surplus = (joined?.length ?? 0) - count
      if (joined && surplus === 0) return joined
      if (joined && surplus > 0 && remark === count - 1) return merged(joined, remark, surplus)
    }
    throw this.#refused(`has ${fields.length} fields under ${count} captions`)
  }

  end(): Stated[] {
    if (!this.#isOver) throw billRefused('is cut short: the end of its list is missing')
    return this.#stated
  }

  #refused(what: string) {
    return billRefused(`has a line that ${what} (line ${this.#line})`)
  }
}

/** The field at `at` together with those behind it that belong to it. */
const merged = (fields: readonly string[], at: number, extra: number): string[] => [
  ...fields.slice(0, at),
  fields.slice(at, at + extra + 1).join(','),
  ...fields.slice(at + extra + 1),
]
