import { enableCompileCache } from 'node:module'

enableCompileCache()
const { standalone } = await import('../dist/cli/standalone.js')
// Not awaited: a reader that closes the pipe early (`| head`) must not turn into an unsettled top-level await.
standalone(process.argv.slice(2))
