import { expect, it } from 'vitest'
import { STRATEGY_NAMES } from '../../src/lib/policy/strategy-name.ts'
import {
  APPLICATION_SETTINGS,
  KEYS_OF_AN_APPLICATION,
  KEYS_OF_AN_IMAGE,
} from '../../src/lib/rules/annotation-keys.ts'
import { MAX_BUMPS } from '../../src/lib/rules/controls.ts'
import { PULL_REQUEST_SERVICES } from '../../src/lib/rules/pull-request-service.ts'
import { pages } from './markdown.ts'

interface Documented {
  readonly scope: string
  readonly value: string
}

/** What docs/annotations.md says of each key, from its headings and tables. */
function documentedKeys(): Map<string, Documented> {
  const keys = new Map<string, Documented>()
  let heading: string[] = []
  let columns: string[] = []
  let scopeOfTable = ''
  for (const line of pages().find(({ file }) => file === 'docs/annotations.md')?.prose ?? []) {
    const title = /^#{2,3} (.*)$/.exec(line)?.[1]
    if (title !== undefined) heading = title.split(', ')
    const cells = /^\|/.test(line)
      ? line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim())
      : []
    if (cells.length === 0) columns = []
    else if (columns.length === 0) {
      columns = cells
      scopeOfTable = /\(scope (\w+)\)/.exec(cells[0] ?? '')?.[1] ?? ''
    } else if (!cells[0]?.startsWith('---')) {
      const [first = '', second = ''] = cells
      const named = [...first.matchAll(/`([a-z.-]+)`/g)].map(([, key = '']) => key)
      if (columns[0] === 'Scope')
        for (const key of heading) keys.set(key, { scope: first.toLowerCase(), value: second })
      else if (scopeOfTable) for (const key of named) keys.set(key, { scope: scopeOfTable, value: second })
      else if (columns[1] === 'Scope')
        for (const key of named)
          if (!keys.has(key)) keys.set(key, { scope: second.toLowerCase(), value: cells[2] ?? '' })
    }
  }
  return keys
}

const documented = documentedKeys()

function scopeOf(key: string): string {
  if ((APPLICATION_SETTINGS as readonly string[]).includes(key)) return 'application'
  return KEYS_OF_AN_APPLICATION.includes(key) ? 'both' : 'image'
}

it('docs/annotations.md has every key and no other', () => {
  const known = new Set([...KEYS_OF_AN_APPLICATION, ...KEYS_OF_AN_IMAGE])
  expect([...documented.keys()].toSorted()).toEqual([...known].toSorted())
})

it.each([...new Set([...KEYS_OF_AN_APPLICATION, ...KEYS_OF_AN_IMAGE])])(
  '%s has the scope that is read',
  (key) => {
    expect(documented.get(key)?.scope).toBe(scopeOf(key))
  },
)

it.each([
  ['update-strategy', STRATEGY_NAMES],
  ['max-bump', MAX_BUMPS],
  ['pull-request', PULL_REQUEST_SERVICES],
])('%s takes the values that it takes', (key, values) => {
  const shown = [...(documented.get(key)?.value ?? '').matchAll(/`([a-z-]+)`/g)].map(([, value]) => value)
  expect(shown).toEqual(values)
})
