/** ECMA-182, reflected, as CRC-64/XZ: what Function Compute and OSS call the checksum of a package. */
const POLYNOMIAL = 0xc96c5795d7870f42n

/** The upper and lower halves of the table: 64-bit integers would be BigInts, a hundred times slower. */
function makeTable(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256)
  const low = new Uint32Array(256)
  for (let index = 0; index < 256; index++) {
    let value = BigInt(index)
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n
    high[index] = Number(value >> 32n)
    low[index] = Number(value & 0xffffffffn)
  }
  return { high, low }
}

let table: ReturnType<typeof makeTable> | undefined

/** Decimal digits, as `codeChecksum` in the API's answers. */
export function crc64(bytes: Uint8Array): string {
  table ??= makeTable()
  let high = 0xffffffff
  let low = 0xffffffff
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ (table.low[index] ?? 0)
    high = (high >>> 8) ^ (table.high[index] ?? 0)
  }
  return ((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0)).toString()
}
