/**
 * Writes what the commands of the documents print now into the pages: `npm run docs:outputs [-- PAGE…]`. Look at
 * the difference before you commit it.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { runPage } from '../test/docs/execution/run-page.ts'

const given = process.argv.slice(2)
const files = given.length > 0 ? given : ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md')]

for (const file of files.filter((name) => name !== 'docs/commands.md')) {
  const before = readFileSync(file, 'utf8')
  const { failures, text } = await runPage(file, before)
  for (const failure of failures) process.stderr.write(`${failure}\n\n`)
  if (text !== before) writeFileSync(file, text)
}
