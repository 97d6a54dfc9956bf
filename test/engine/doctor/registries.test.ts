import { describe, expect, it } from 'vitest'
import { registryFindings } from '../../../src/lib/engine/doctor/registries.ts'
import type { RateBudget } from '../../../src/lib/registry/answer-facts.ts'
import { FakeRegistry, type FakeTag } from '../fake-registry.ts'
import { managed } from '../world.ts'

const TAGS: Record<string, FakeTag> = { '1.0.0': {}, '1.1.0': {} }

interface Given {
  readonly images: string
  readonly rules?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, Record<string, FakeTag>>>
  readonly budgets?: Readonly<Record<string, RateBudget>>
}

async function ask({ images, rules, tags = {}, budgets = {} }: Given) {
  const registry = new FakeRegistry(tags)
  const found = await registryFindings(managed({ rules: { 'image-list': images, ...rules } }), {
    budgets: new Map(Object.entries(budgets)),
    context: { registry, scopeOf: () => undefined },
    timeout: 60_000,
  })
  const lines = found.map(({ state, message, remedy }) => `${state}: ${message}${remedy && ` → ${remedy}`}`)
  return { asked: registry.asked, lines }
}

describe('registries', () => {
  it('are asked once each, however many images are there', async () => {
    const { asked, lines } = await ask({
      images: 'a=ghcr.io/org/a,b=ghcr.io/org/b,c=quay.io/org/c',
      tags: { 'ghcr.io/org/a': TAGS, 'quay.io/org/c': TAGS },
    })
    expect(asked).toEqual(['list ghcr.io/org/a', 'list quay.io/org/c'])
    expect(lines).toEqual([
      'ok: ghcr.io answers (a fake, credential: anonymous): 2 tags of ghcr.io/org/a; it tells no rate limit',
      'ok: quay.io answers (a fake, credential: anonymous): 2 tags of quay.io/org/c; it tells no rate limit',
    ])
  })

  it('are asked once more with each other credential that rules name', async () => {
    const { asked } = await ask({
      images: 'a=ghcr.io/org/a,b=ghcr.io/org/b',
      rules: { 'b.pull-secret': 'pullsecret:argocd/regcred' },
      tags: { 'ghcr.io/org/a': TAGS, 'ghcr.io/org/b': TAGS },
    })
    expect(asked).toEqual(['list ghcr.io/org/a', 'list ghcr.io/org/b'])
  })

  it('that fail do not keep the others from being asked', async () => {
    const { lines } = await ask({
      images: 'a=ghcr.io/org/a,c=quay.io/org/c',
      tags: { 'quay.io/org/c': TAGS },
    })
    expect(lines).toEqual([
      'fail: ghcr.io: cannot read it: no such repository',
      expect.stringMatching(/^ok: quay\.io answers/),
    ])
  })

  it('are none without rules', async () => {
    const context = { registry: new FakeRegistry(), scopeOf: () => undefined }
    expect(await registryFindings([], { budgets: new Map(), context, timeout: 1 })).toMatchObject([
      { state: 'skip', message: 'none is asked: no image here has a rule' },
    ])
  })
})

describe('Docker Hub', () => {
  const hub = { images: 'a=org/a', tags: { 'org/a': TAGS } }

  it('is asked for a digest too, since it tells its limit with manifests only', async () => {
    const budgets = { 'registry-1.docker.io': { limit: 100, remaining: 76, window: 21_600 } }
    const { asked, lines } = await ask({ ...hub, budgets })
    expect(asked).toEqual(['list org/a', 'digest org/a:1.0.0'])
    expect(lines).toEqual([
      'ok: docker.io answers (a fake, credential: anonymous): 2 tags of org/a; 76 of 100 pulls left in 6 h',
    ])
  })

  it('with nothing left is a warning', async () => {
    const budgets = { 'registry-1.docker.io': { limit: undefined, remaining: 0, window: undefined } }
    const { lines } = await ask({ ...hub, budgets })
    expect(lines).toEqual([expect.stringMatching(/^warn: docker\.io answers .*; 0 pulls left → Log in/)])
  })
})
