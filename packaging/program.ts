// Where the self-contained program starts.
import { standalone } from '../src/cli/standalone.ts'

standalone(process.argv.slice(2))
