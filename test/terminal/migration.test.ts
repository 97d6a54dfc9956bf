import { describe, expect, it } from 'vitest'
import { annotateCommand, lossText } from '../../src/lib/terminal/migration.ts'

const shop = { metadata: { name: 'shop', namespace: 'argocd' } }

describe('the command that annotates', () => {
  it('can be typed as it is', () => {
    const difference = { set: { 'a/b': "it's $HOME; rm" }, remove: ['a/c'] }
    expect(annotateCommand(shop, difference, ' --context prod')).toBe(
      [
        'kubectl --context prod annotate applications.argoproj.io shop --namespace argocd --overwrite \\',
        "  'a/b=it'\\''s $HOME; rm' \\",
        '  a/c-',
        '',
      ].join('\n'),
    )
  })

  it('is refused where it would have to be escaped, and so say something else', () => {
    expect(() => annotateCommand(shop, { set: { 'a/b': '\u001b[2J' }, remove: [] }, '')).toThrow(
      /must not show/,
    )
  })
})

describe('what is lost', () => {
  const loss = { object: 'argocd/shop', alias: 'web', key: 'pin-digest', value: 'true', reason: 'because' }
  it.each([
    { extent: 'setting', text: 'argocd/shop web pin-digest "true" is not carried over: because' },
    {
      extent: 'image',
      text: 'argocd/shop web pin-digest "true" keeps the image from being carried over: because',
    },
    { extent: 'rule', text: 'argocd/shop web pin-digest "true" would not stay the same: because' },
  ] as const)('is one line: $extent', ({ extent, text }) => {
    expect(lossText({ ...loss, extent })).toBe(text)
  })

  it('of the Application as a whole names no image', () => {
    expect(lossText({ ...loss, alias: '', extent: 'setting' })).toMatch(/^argocd\/shop pin-digest/)
  })
})
