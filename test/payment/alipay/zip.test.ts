import { deflateRawSync } from 'node:zlib'
import t from 'tap'
import { type ZipFile, zipFiles } from '../../../shared/payment/zip.js'
import { BILL_ZIP } from './billZip.js'

/** ZIP archives as Alipay packs its bills, and broken ones. */

interface Packed {
  name: string
  content: Buffer
  method?: number
  flags?: number
  /** In place of the true one. */
  size?: number
}

const header = (bytes: number, fields: [at: number, size: 2 | 4, value: number][]): Buffer => {
  const made = Buffer.alloc(bytes)
  for (const [at, size, value] of fields)
    size === 2 ? made.writeUInt16LE(value, at) : made.writeUInt32LE(value, at)
  return made
}

/** Written from the format's description; the archive in `billZip` was made by Python's `zipfile`. */
function archive(files: Packed[], comment = ''): Buffer {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const { name, content, method = 8, flags = 0, size = content.length } of files) {
    const packed = method === 8 ? deflateRawSync(content) : content
    const nameBytes = Buffer.from(name)
    const local = header(30, [
      [0, 4, 0x04034b50],
      [6, 2, flags],
      [8, 2, method],
      [26, 2, nameBytes.length],
      [28, 2, 4],
    ])
    locals.push(local, nameBytes, Buffer.alloc(4), packed)
    const entry = header(46, [
      [0, 4, 0x02014b50],
      [8, 2, flags],
      [10, 2, method],
      [20, 4, packed.length],
      [24, 4, size],
      [28, 2, nameBytes.length],
      [30, 2, 2],
      [42, 4, offset],
    ])
    entries.push(entry, nameBytes, Buffer.alloc(2))
    offset += 34 + nameBytes.length + packed.length
  }
  const directory = Buffer.concat(entries)
  const end = header(22, [
    [0, 4, 0x06054b50],
    [8, 2, files.length],
    [10, 2, files.length],
    [12, 4, directory.length],
    [16, 4, offset],
    [20, 2, comment.length],
  ])
  return Buffer.concat([...locals, directory, end, Buffer.from(comment)])
}

const texts = (files: ZipFile[]) => files.map(({ name, content }) => [name.toString(), content.toString()])
const text = (content: string): Buffer => Buffer.from(content)

t.test('an archive of somebody else', async (t) => {
  const gbk = new TextDecoder('gb18030')
  const files = await zipFiles(BILL_ZIP)
  t.strictSame(
    files.map(({ name, isNameUtf8 }) => [gbk.decode(name), isNameUtf8]),
    [
      ['20881021754890110156_20260101_业务明细(汇总).csv', false],
      ['20881021754890110156_20260101_业务明细.csv', false],
    ],
  )
  t.match(gbk.decode(files[1]?.content), /^#支付宝业务明细查询\n[\s\S]*交易,0\.29\n/)
})

t.test('stored and deflated, empty, folders left out, a comment at the end', async (t) => {
  const packed = archive(
    [
      { name: 'folder/', content: text(''), method: 0 },
      { name: 'a', content: text('a'.repeat(5000)) },
      { name: '乙', content: text('stored'), method: 0, flags: 1 << 11 },
      { name: 'c', content: text('') },
    ],
    'a comment',
  )
  const files = await zipFiles(packed)
  t.strictSame(texts(files), [
    ['a', 'a'.repeat(5000)],
    ['乙', 'stored'],
    ['c', ''],
  ])
  t.strictSame(
    files.map(({ isNameUtf8 }) => isNameUtf8),
    [false, true, false],
  )
  t.strictSame(await zipFiles(archive([])), [])
})

t.test('what is broken, hidden or too large is refused, never half read', async (t) => {
  const good = archive([{ name: 'a', content: text('hello hello hello') }])
  const wrong: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    'no archive': text('<html>'),
    'the end alone': text('PK\x05\x06'),
    'cut in front': good.subarray(10),
    'cut in the middle': Buffer.concat([good.subarray(0, 40), good.subarray(60)]),
    encrypted: archive([{ name: 'a', content: text('x'), flags: 1 }]),
    'another method': archive([{ name: 'a', content: text('x'), method: 12 }]),
    'smaller than it says': archive([{ name: 'a', content: text('x'), size: 5 }]),
    'larger than it says': archive([{ name: 'a', content: text('x'.repeat(100_000)), size: 5 }]),
    'larger than fits': archive([{ name: 'a', content: text('x'), size: 0x7fffffff }]),
    'a directory elsewhere': Buffer.concat([good.subarray(0, -6), Buffer.alloc(6, 0xff)]),
  }
  for (const [name, bytes] of Object.entries(wrong)) await t.rejects(zipFiles(bytes), Error, name)
})
