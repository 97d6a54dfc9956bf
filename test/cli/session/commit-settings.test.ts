import { describe, expect, it } from 'vitest'
import { commitSettings } from '../../../src/cli/session/commit-settings.ts'

const NOTHING = { author: undefined, key: undefined, signing: undefined, signOff: undefined }

describe('how commits are made', () => {
  it.each([
    [NOTHING, {}],
    [
      { ...NOTHING, author: 'Ann Smith <ann@example.com>' },
      { committer: { email: 'ann@example.com', name: 'Ann Smith' } },
    ],
    [{ ...NOTHING, author: ' Ann<a@b> ' }, { committer: { email: 'a@b', name: 'Ann' } }],
    [{ ...NOTHING, signOff: true }, { signOff: true }],
    [{ ...NOTHING, signOff: false }, {}],
    // As the operator's own git is set up.
    [{ ...NOTHING, signing: 'auto' as const }, {}],
    [{ ...NOTHING, key: 'ABCD' }, { sign: { key: 'ABCD' } }],
    [{ ...NOTHING, signing: 'off' as const }, { sign: false }],
    [{ ...NOTHING, signing: 'ssh' as const }, { sign: { format: 'ssh' } }],
    [
      { ...NOTHING, key: '~/.ssh/id', signing: 'ssh' as const },
      { sign: { format: 'ssh', key: '~/.ssh/id' } },
    ],
  ])('%j', (flags, settings) => {
    expect(commitSettings(flags)).toEqual(settings)
  })

  it.each([
    '',
    'Ann',
    'ann@example.com',
    '<ann@example.com>',
    'Ann <>',
    'Ann <a b>',
    'Ann\n<a@b>',
    'A <a@b> x',
  ])('--commit-author %j is refused with an example', (author) => {
    expect(() => commitSettings({ ...NOTHING, author })).toThrow(/is not a name and an address/)
  })

  it('a key that is not used is refused', () => {
    expect(() => commitSettings({ ...NOTHING, key: 'ABCD', signing: 'off' })).toThrow(
      '--commit-signing off uses no --commit-signing-key',
    )
  })
})
