import t from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { sharing } from './sharing.js'

t.test('over the embedded store', (t) => sharing(t, async () => [await openEmbeddedStore()]))
