import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { CommandManifest } from '../../scripts/command-reference.ts'
import { OBJECT_COMMANDS, type OutputSchema, outputReference } from '../../scripts/output-reference.ts'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const schema = JSON.parse(read('docs/schema/image-updater-v1.json')) as OutputSchema

it('docs/output.md says what the schema says (npm run docs)', () => {
  expect(read('docs/output.md')).toBe(outputReference(schema))
})

it('a field without a meaning is an error', () => {
  const vague: OutputSchema = {
    ...schema,
    $defs: { ...schema.$defs, History: { properties: { vague: { type: 'string' } } } },
  }
  expect(() => outputReference(vague)).toThrow('the schema does not say what vague means')
})

it('every command with -o answers with a kind of the schema or with Kubernetes objects', () => {
  const { commands } = JSON.parse(read('dist/manifest.json')) as CommandManifest
  const withOutput = Object.values(commands).filter(({ flags }) => Object.hasOwn(flags, 'output'))
  const ofKinds = Object.values(schema.$defs).flatMap(
    ({ description = '' }) => /^(?:Answer of|One line of) (\w+)/.exec(description)?.[1] ?? [],
  )
  expect(withOutput.map(({ id }) => id).toSorted()).toEqual(
    [...ofKinds, ...Object.keys(OBJECT_COMMANDS)].toSorted(),
  )
})
