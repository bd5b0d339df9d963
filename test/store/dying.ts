import { join } from 'node:path'
import Libsql from 'libsql'
import { STORE_FILE } from '../../shared/store/embedded/open.js'

/** A process of its own that dies in the middle of a transaction whose pages have reached the file already. */
const database = new Libsql(join(process.argv[2] ?? '', STORE_FILE))
database.pragma('cache_size = 1')
database.exec('BEGIN IMMEDIATE')
database.exec("UPDATE orders SET body = '{}'")
for (let number = 0; number < 200; number++) {
  const body = `'{"x":"${'y'.repeat(3000)}"}'`
  database.exec(`INSERT INTO orders VALUES ('weixin-v2:1900000109:begun${number}', ${body}, '')`)
}
process.kill(process.pid, 'SIGKILL')
