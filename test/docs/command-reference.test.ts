import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type CommandManifest, commandReference } from '../../scripts/command-reference.ts'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

it('docs/commands.md says what the commands say of themselves (npm run docs)', () => {
  const manifest = JSON.parse(read('dist/manifest.json')) as CommandManifest
  expect(read('docs/commands.md')).toBe(commandReference(manifest))
})
