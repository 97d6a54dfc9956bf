import { describe, expect, it } from 'vitest'
import { type ImageQuestion, runningImages } from '../../src/lib/application/running-images.ts'
import { formatImageReference, parseImageReference } from '../../src/lib/image/reference.ts'
import { application } from './applications.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const OTHER = `sha256:${'b'.repeat(64)}`

/** What is found for org/web where the spec has these kustomize images and Argo CD reports those. */
function find(images: string[], live: string[] | undefined, question: Partial<ImageQuestion> = {}) {
  const app = application(
    { source: { repoURL: 'r', kustomize: { images } } },
    { sourceType: 'Kustomize', ...(live && { summary: { images: live } }) },
  )
  const image = parseImageReference('org/web:>=1')
  const { declared, ...rest } = runningImages(app, { image, forceUpdate: false, targets: {}, ...question })
  return {
    ...rest,
    declared: declared.image && formatImageReference(declared.image),
    live: rest.live.map(formatImageReference),
  }
}

describe('runningImages', () => {
  it.each([
    ['spec and status agree', ['org/web:1'], ['org/web:1', 'x:2'], 'live', true, ''],
    ['only the status tells', [], ['org/web:1'], 'live', true, ''],
    ['Docker Hub is spelt differently', [], ['docker.io/org/web:1'], 'live', true, ''],
    [
      'not synced yet',
      ['org/web:2'],
      ['org/web:1'],
      'live',
      false,
      'spec.source.kustomize.images[0] says 2, 1 runs: not synced yet, or a rollout is under way',
    ],
    [
      'in the middle of a rollout',
      ['org/web:2'],
      ['org/web:1', 'org/web:2'],
      'live',
      false,
      '2 versions run at once (1, 2): a rollout is under way, or containers differ',
    ],
    [
      'scaled to zero',
      ['org/web:2'],
      [],
      'declared',
      true,
      'no Pod of the Application runs org/web (scaled to zero, not synced, or a Job between runs)',
    ],
    [
      'unknown to the Application',
      [],
      ['api:1', 'db:2'],
      'nowhere',
      true,
      'no Pod of the Application runs org/web (scaled to zero, not synced, or a Job between runs); it runs api:1, db:2',
    ],
    ['the same digest under two tags', [`org/web:a@${DIGEST}`], [`org/web:b@${DIGEST}`], 'live', true, ''],
    ['a digest on one side only', [`org/web:a@${DIGEST}`], ['org/web:a'], 'live', true, ''],
    [
      'two digests of one tag',
      [`org/web:a@${DIGEST}`],
      [`org/web:a@${OTHER}`],
      'live',
      false,
      `spec.source.kustomize.images[0] says a@${DIGEST}, a@${OTHER} runs: not synced yet, or a rollout is under way`,
    ],
    ['images without a name', ['org/web:1'], [DIGEST, '', 'org/web:1'], 'live', true, ''],
  ])('%s', (_name, images, live, found, agrees, note) => {
    expect(find(images, live)).toMatchObject({ found, agrees, note })
  })

  it('a status that is not there is no error', () => {
    expect(find(['org/web:1'], undefined)).toMatchObject({
      found: 'declared',
      declared: 'org/web:1',
      live: [],
    })
  })

  it('an image that is to be updated in any case is found, without a version', () => {
    expect(find([], [], { forceUpdate: true })).toMatchObject({ found: 'forced', live: [] })
  })

  it('Pods still run the name that Kustomize is to replace', () => {
    const targets = { kustomize: { name: 'web' } }
    expect(find([], ['web:1'], { targets })).toMatchObject({ found: 'live', live: ['web:1'] })
    expect(find([], ['web:1', 'org/web:2'], { targets })).toMatchObject({ live: ['org/web:2'] })
  })

  it('tells what is declared where it is no reference', () => {
    expect(find(['web=$IMAGE'], ['web:1'], { targets: { kustomize: { name: 'web' } } })).toMatchObject({
      declared: undefined,
      note: 'spec.source.kustomize.images[0] is not an image reference: web=$IMAGE',
    })
  })

  it('a helm tag alone belongs to the image of the rule', () => {
    const parameters = [{ name: 'image.tag', value: `1@${DIGEST}` }]
    const app = application({ source: { repoURL: 'r', helm: { parameters } } }, { sourceType: 'Helm' })
    const question = { image: parseImageReference('ghcr.io/o/web'), forceUpdate: false, targets: {} }
    const { declared } = runningImages(app, question)
    expect(declared.image && formatImageReference(declared.image)).toBe(`ghcr.io/o/web:1@${DIGEST}`)
    expect(declared.field).toBe('spec.source.helm.parameters[image.tag]')
  })
})
