import { describe, expect, it } from 'vitest'
import { type TagReport, tagRows } from '../../src/lib/engine/tag-rows.ts'
import { readFlagRule } from '../../src/lib/rules/flags.ts'
import { chooseColour } from '../../src/lib/terminal/colour.ts'
import { renderTable } from '../../src/lib/terminal/table.ts'
import { tagColumns, tagCountsLine, tagDocument } from '../../src/lib/terminal/tag-rows.ts'
import { digestOf, FakeRegistry } from '../engine/fake-registry.ts'
import { NOW } from '../engine/world.ts'

const plain = chooseColour('never', {}, {})

function report(): Promise<TagReport> {
  const registry = new FakeRegistry({
    'org/web': {
      '1.0.0': { broken: true },
      '1.1.0': {
        createdAt: '2026-02-28T12:00:00Z',
        platforms: ['linux/amd64', 'linux/arm64/v8'],
        pushedAt: '2026-03-01T11:59:22Z',
      },
      '1.2.0-rc.1': {},
      main: {},
    },
  })
  const { rule } = readFlagRule('org/web', { ignoreTags: ['ma*'] })
  return tagRows(registry, rule, { all: true, limit: 0, now: NOW })
}

describe('the table of tags', () => {
  it('marks the winner, and says what became of every tag', async () => {
    const { rows } = await report()
    expect(renderTable(tagColumns(NOW, plain), rows).split('\n')).toEqual([
      '    TAG          PUSHED   BUILT   DIGEST         PLATFORMS                    VERDICT',
      `*   1.1.0        38s      24h     ${digestOf('1.1.0').slice(7, 19)}   linux/amd64,linux/arm64/v8   highest version of 2 candidates`,
      '    1.0.0        -        -       -              -                            not higher than 1.1.0; ERROR docker.io: cannot read it: the manifest of 1.0.0 is broken',
      expect.stringMatching(/^ {4}1\.2\.0-rc\.1 .* dropped: .*pre-release/),
      '    main         -        -       -              -                            dropped: matches ignore-tags ma*',
      '',
    ])
  })
})

describe('the count of tags', () => {
  it('follows the order in which the stages are asked', async () => {
    expect(tagCountsLine(await report())).toBe('4 tags: 1 ignored, 1 pre-release, 2 candidates')
  })

  it('speaks of one candidate in the singular', async () => {
    const one = { ...(await report()), candidates: 1, dropped: {} }
    expect(tagCountsLine(one)).toBe('4 tags: 1 candidate')
  })
})

describe('the document of a tag', () => {
  it('has null for what is not known', async () => {
    const documents = (await report()).rows.map(tagDocument)
    expect(documents[0]).toMatchObject({
      createdAt: '2026-02-28T12:00:00.000Z',
      error: null,
      outcome: 'winner',
      platforms: ['linux/amd64', 'linux/arm64/v8'],
      stage: null,
    })
    expect(documents[1]).toMatchObject({ digest: null, error: expect.stringContaining('is broken') })
    expect(documents[3]).toMatchObject({ outcome: 'dropped', stage: 'ignore-tags', tag: 'main' })
  })
})
