/**
 * One change as a process of its own, for tests that kill it: `node change-program.ts URL CACHE-FOLDER [die-while-editing]`.
 * Prints the result, or the error, as JSON.
 */
import { commitAndPush } from '../../src/lib/git/commit-and-push.ts'
import { findGit } from '../../src/lib/git/run-git.ts'
import { BASIC } from './server.ts'

const [url = '', cacheFolder = '', course] = process.argv.slice(2)
const git = await findGit(process.env, process.platform)
const result: object = await commitAndPush(
  {
    url,
    access: BASIC,
    edit: async (tree) => {
      await tree.write('app/values.yaml', 'tag: "1.1"\n')
      if (course === 'die-while-editing') process.kill(process.pid, 'SIGKILL')
      return { message: 'update' }
    },
  },
  { git, cacheFolder, allowedHosts: ['127.0.0.1'] },
).catch(({ name, kind, message }) => ({ name, kind, message }))
process.stdout.write(JSON.stringify(result))
