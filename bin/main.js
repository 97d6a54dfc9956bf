import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder } from '../dist/lib/state/cache-folder.js'

// Compiled code is run unseen, so it is kept where nobody else can put some: Node's own place is in the shared /tmp.
enableCompileCache(process.env['NODE_COMPILE_CACHE'] ?? join(cacheFolder(process.env, home()), 'compiled'))
const { standalone } = await import('../dist/cli/standalone.js')
// Not awaited: a reader that closes the pipe early (`| head`) must not turn into an unsettled top-level await.
standalone(process.argv.slice(2))

/** Where there is none (a Pod's user without a name), nothing is kept. */
function home() {
  try {
    return homedir()
  } catch {
    return '/nonexistent'
  }
}
