import type { MongoClient } from 'mongodb'
import { mongoDocuments } from '../../shared/store/mongodb/open.js'
import type { TokenStore } from '../../shared/store/port.js'
import { tokenStore } from '../../shared/store/tokens.js'
import { NotYet } from './hindrance.js'
import { PATIENCE_MS, type World } from './world.js'

/** A connected client; undefined where MONGODB_URI is not set. Rejects with the driver's own error. */
export const mongoClient = async (world: World): Promise<MongoClient | undefined> => {
  const uri = world.settings.get('MONGODB_URI')
  if (uri === undefined || world.offline) return undefined
  return world.once('mongodb', async () => {
    const { MongoClient } = await import('mongodb')
    const client = new MongoClient(uri, {
      serverSelectionTimeoutMS: PATIENCE_MS,
      connectTimeoutMS: PATIENCE_MS,
      socketTimeoutMS: PATIENCE_MS,
      appName: 'unicloud-openapi doctor',
    })
    world.closing(() => client.close())
    return client.connect()
  })
}

/** The same for whom a database that is away is somebody else's finding. */
export const workingClient = (world: World): Promise<MongoClient | undefined> =>
  mongoClient(world).catch(() => {
    throw new NotYet('store-first')
  })

/** The access tokens as the functions see them; undefined where the doctor cannot look. Reading makes no index. */
export async function storedTokens(world: World): Promise<Pick<TokenStore, 'read'> | undefined> {
  const client = await workingClient(world)
  return client && tokenStore(mongoDocuments(client, () => undefined))
}
