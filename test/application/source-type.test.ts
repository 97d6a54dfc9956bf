import { describe, expect, it } from 'vitest'
import { MalformedFieldError } from '../../src/lib/application/object-field.ts'
import { findSourceType } from '../../src/lib/application/source-type.ts'
import { application } from './applications.ts'

describe('findSourceType', () => {
  it.each([
    ['status says Helm', { source: {} }, { sourceType: 'Helm' }, 'Helm', 'Helm'],
    [
      'status wins over a stray block',
      { source: { kustomize: {} } },
      { sourceType: 'Directory' },
      'Directory',
      'Unsupported',
    ],
    ['no status yet, helm block', { source: { helm: {} } }, {}, 'Helm', 'Helm'],
    ['no status yet, a chart', { source: { chart: 'web' } }, {}, 'Helm', 'Helm'],
    ['no status yet, kustomize block', { source: { kustomize: {} } }, undefined, 'Kustomize', 'Kustomize'],
    ['no status yet, directory block', { source: { directory: {} } }, {}, 'Directory', 'Unsupported'],
    ['nothing tells', { source: {} }, {}, '', 'Unsupported'],
    ['no source at all', {}, {}, '', 'Unsupported'],
    [
      'first of several that can be overridden',
      { sources: [{}, {}, {}] },
      { sourceTypes: ['Directory', 'Kustomize', 'Helm'] },
      'Kustomize',
      'Kustomize',
    ],
    ['several sources, no status yet', { sources: [{ ref: 'v' }, { chart: 'web' }] }, {}, 'Helm', 'Helm'],
    [
      'several plain sources',
      { sources: [{}, {}] },
      { sourceTypes: ['Directory', 'Directory'] },
      'Directory',
      'Unsupported',
    ],
    [
      'hydrator with a block',
      { sourceHydrator: { drySource: { kustomize: {} } } },
      { sourceType: 'Directory' },
      'Kustomize',
      'Kustomize',
    ],
    ['hydrator without one', { sourceHydrator: { drySource: {} } }, { sourceType: 'Helm' }, 'Helm', 'Helm'],
  ])('%s', (_name, spec, status, sourceType, overrideType) => {
    expect(findSourceType(application(spec, status))).toMatchObject({ sourceType, overrideType })
  })

  it.each([
    ['kustomization', 'Kustomize'],
    ['kustomization:overlays/prod', 'Kustomize'],
    ['helmvalues', 'Helm'],
    ['helmvalues:/values.yaml', 'Helm'],
    ['charts/values.yml', 'Helm'],
    ['a/.argocd-source-shop.yaml', 'Unsupported'],
    ['notes.txt', 'Unsupported'],
  ])('with git write-back, target %s makes it %s', (target, overrideType) => {
    const plain = application({ source: {} }, { sourceType: 'Directory' })
    expect(findSourceType(plain, { method: 'git', target }).overrideType).toBe(overrideType)
  })

  it('a target without git write-back decides nothing', () => {
    const helm = application({ source: {} }, { sourceType: 'Helm' })
    expect(findSourceType(helm, { method: 'application', target: 'kustomization' }).overrideType).toBe('Helm')
  })

  it('a plugin in git is overridden as Helm, unless the rule names variables', () => {
    const plugin = application({ source: {} }, { sourceType: 'Plugin' })
    const git = { method: 'git' } as const
    expect(findSourceType(plugin, git)).toMatchObject({ sourceType: 'Plugin', overrideType: 'Helm' })
    expect(findSourceType(plugin, git, { plugin: { tag: 'TAG' } }).overrideType).toBe('Plugin')
  })

  it('of several sources, the type that the rule has targets for comes first', () => {
    const both = application({ sources: [{}, {}] }, { sourceTypes: ['Helm', 'Kustomize'] })
    const finding = findSourceType(both, undefined, { kustomize: { name: 'web' } })
    expect(finding.overrideType).toBe('Kustomize')
    expect(finding.reason).toBe("the rule's targets are for Kustomize")
  })

  it.each([
    ['sources is no list', { sources: 'x' }, {}, 'application "shop": spec.sources is not a list but string'],
    [
      'a source is no object',
      { sources: [7] },
      {},
      'application "shop": spec.sources[0] is not an object but number',
    ],
    [
      'helm is a list',
      { source: { helm: [] } },
      {},
      'application "shop": spec.source.helm is not an object but a list',
    ],
    [
      'sourceType is no text',
      { source: {} },
      { sourceType: 1 },
      'application "shop": status.sourceType is not a text but number',
    ],
  ])('names the field when %s', (_name, spec, status, message) => {
    const find = () => findSourceType(application(spec, status))
    expect(find).toThrow(MalformedFieldError)
    expect(find).toThrow(message)
  })
})
