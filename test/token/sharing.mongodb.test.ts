import t from 'tap'
import { openMongoStore } from '../../shared/store/index.js'
import { emptyDatabase, withMongo } from '../support/mongo/withMongo.js'
import { sharing } from './sharing.js'

t.test('over a real server, four connections for all instances', (t) =>
  withMongo(t, (uri) =>
    sharing(t, async () => {
      await emptyDatabase(uri)
      const open = (name: string) => openMongoStore(`${uri}&appName=${name}`)
      return [await open('a'), await open('b'), await open('c'), await open('d')]
    }),
  ),
)
