import { expect, it } from 'vitest'
import { LINT_CODES } from '../../src/lib/rules/lint/lint-code.ts'
import { pages } from './markdown.ts'

it('docs/lint.md has every code, each once, and no other', () => {
  const page = pages().find(({ file }) => file === 'docs/lint.md')
  const codes = page?.prose.flatMap((line) => /^\| `([a-z-]+)`[ ✎◦]* \|.*\|.*\|.*\|/.exec(line)?.[1] ?? [])
  expect(codes?.filter((code) => !['error', 'warning', 'info'].includes(code)).toSorted()).toEqual(
    Object.keys(LINT_CODES).toSorted(),
  )
})
