import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A connection that can be cut: what comes to `port` on the loopback goes on to `target` while it is whole. */
export interface Cable {
  port: number
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function cableTo(target: { host: string; port: number }): Promise<Cable> {
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) return void near.destroy()
    const far = connect(target)
    for (const socket of [near, far]) {
      sockets.add(socket)
      // A cut cable is an error to both ends, and the point of it.
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port was given')
  const cut = () => {
    whole = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    cut,
    mend() {
      whole = true
    },
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
