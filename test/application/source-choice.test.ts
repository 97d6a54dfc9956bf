import { describe, expect, it } from 'vitest'
import { chooseSource } from '../../src/lib/application/source-choice.ts'
import { application } from './applications.ts'

describe('chooseSource', () => {
  it.each([
    ['the only source', { source: {} }, { sourceType: 'Helm' }, '/spec/source', 'status.sourceType'],
    [
      'the dry source of a hydrator',
      { sourceHydrator: { drySource: { helm: {} } } },
      {},
      '/spec/sourceHydrator/drySource',
      'fields of spec.sourceHydrator.drySource',
    ],
    [
      'of several, the one with a block of the type',
      { sources: [{}, { helm: {} }] },
      { sourceTypes: ['Helm', 'Helm'] },
      '/spec/sources/1',
      'the first of 2 sources whose images can be overridden; spec.sources[1] has a helm block',
    ],
    [
      'of several, the one Argo CD renders as that type',
      { sources: [{}, {}] },
      { sourceTypes: ['Directory', 'Kustomize'] },
      '/spec/sources/1',
      'the first of 2 sources whose images can be overridden; spec.sources[1] is rendered by Kustomize',
    ],
  ])('%s', (_name, spec, status, pointer, reason) => {
    const chosen = chooseSource(application(spec, status))
    expect(chosen.field.pointer).toBe(pointer)
    expect(chosen.reason).toBe(reason)
  })

  it('takes the first of several where nothing speaks for one', () => {
    const chosen = chooseSource(application({ sources: [{}, {}] }))
    expect(chosen).toMatchObject({ index: 0, overrideType: 'Unsupported' })
  })
})

describe('a source that the rule names', () => {
  const several = application({
    sources: [{ name: 'chart', helm: {} }, { name: 'values', kustomize: {} }, {}],
  })
  const place = { method: 'application' } as const

  it.each([
    ['by its name', { name: 'values' }, 'spec.sources[1]', 'Kustomize'],
    ['by its place', { index: 0 }, 'spec.sources[0]', 'Helm'],
  ] as const)('is taken %s', (_, source, path, sourceType) => {
    const chosen = chooseSource(several, { ...place, source })
    expect(chosen).toMatchObject({ reason: `the rule names ${path}`, sourceType })
    expect(chosen.field.path).toContain(path)
  })

  it.each([
    [
      'a name',
      { name: 'vlaues' },
      'source-name "vlaues": the Application has no such source, but chart, values, no name (2)',
    ],
    [
      'a place',
      { index: 3 },
      'source-index "3": the Application has no such source, but chart, values, no name (2)',
    ],
  ])('is an error where there is none of %s', (_, source, message) => {
    expect(() => chooseSource(several, { ...place, source })).toThrow(message)
  })
})
