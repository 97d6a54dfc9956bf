import { describe, expect, it } from 'vitest'
import { digitsOnlyWarning } from '../../src/lib/engine/digits-only.ts'
import { scan } from '../../src/lib/engine/scan.ts'
import { FakeRegistry } from './fake-registry.ts'
import { managedOne, NOW } from './world.ts'

async function warning(
  tags: readonly string[],
  rules: Readonly<Record<string, string>>,
  running = '',
): Promise<string> {
  const { rule } = managedOne({ rules })
  const registry = new FakeRegistry({ 'org/web': Object.fromEntries(tags.map((tag) => [tag, {}])) })
  const found = digitsOnlyWarning(rule, await scan(registry, rule, NOW), running)
  return found ? `${found.key} ${found.value}: ${found.problem}. ${found.remedy}` : ''
}

const SEMVER = { 'image-list': 'web=org/web' }
const BOUNDED = { 'image-list': 'web=org/web:>=1 <1000' }
const FILTERED = { ...SEMVER, 'web.image-tag-filter': '^v?[0-9]+\\.' }
const PATTERN = { ...SEMVER, 'web.tag-pattern': '^b(?P<version>.+)$' }

describe('a tag of digits only that wins as a version', () => {
  it('is warned about, with the way out', async () => {
    expect(await warning(['1.5.0', '20240101'], SEMVER, '1.4.2')).toBe(
      'image-list org/web: the tag 20240101 has only digits, and semver takes it for version 20240101.0.0, above all others. Set web.image-tag-filter to ^v?[0-9]+\\. so that a dot must follow, or give the constraint an upper bound such as <1000',
    )
  })

  it.each<[string, string[], Record<string, string>, string]>([
    ['the way out: a filter', ['1.5.0', '20240101'], FILTERED, '1.4.2'],
    ['the way out: an upper bound', ['1.5.0', '20240101'], BOUNDED, '1.4.2'],
    ['another tag wins', ['17', '17.2'], SEMVER, '17.1'],
    ['a v is no date', ['v1.0.0', 'v20240101'], SEMVER, 'v1.0.0'],
    ['build numbers are what the image is on', ['41', '42'], SEMVER, '40'],
    ['another strategy', ['1.5.0', '20240101'], { ...SEMVER, 'web.update-strategy': 'alphabetical' }, '1'],
    ['nothing wins', ['main'], SEMVER, ''],
  ])('no word where %s', async (_name, tags, rules, running) => {
    expect(await warning(tags, rules, running)).toBe('')
  })

  it.each<[string, string[], Record<string, string>, string]>([
    ['it runs already, by mistake', ['1.5.0', '20240101'], SEMVER, '20231231'],
    ['nothing runs', ['20240101'], SEMVER, ''],
    ['a lower bound alone', ['1.5.0', '20240101'], { 'image-list': 'web=org/web:>=1' }, '1.4.2'],
    ['the part that tag-pattern compares', ['b1.5.0', 'b20240101'], PATTERN, 'b1.4.2'],
  ])('a word where %s', async (_name, tags, rules, running) => {
    expect(await warning(tags, rules, running)).not.toBe('')
  })
})
