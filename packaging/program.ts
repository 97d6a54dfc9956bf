// Where the self-contained program starts.
import { askForGit, isAskedByGit } from '../src/lib/git/askpass.ts'

if (isAskedByGit(process.env)) askForGit(process.argv[2])
else void import('../src/cli/standalone.ts').then(({ standalone }) => standalone(process.argv.slice(2)))
