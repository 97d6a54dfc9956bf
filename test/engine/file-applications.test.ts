import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyUpdates, updateGroups } from '../../src/lib/engine/apply.ts'
import { checkImages } from '../../src/lib/engine/check.ts'
import { isUpdatable } from '../../src/lib/engine/checked-image.ts'
import type { EngineContext } from '../../src/lib/engine/context.ts'
import { FileApplications } from '../../src/lib/engine/file-applications.ts'
import { loadManagedImages } from '../../src/lib/engine/load.ts'
import { readManifests } from '../../src/lib/manifests/read-manifests.ts'
import { FakeRegistry } from './fake-registry.ts'
import { contextOf } from './world.ts'

const APPLY = { asked: false, dryRun: 'none' } as const
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'))
})
afterEach(() => rm(folder, { force: true, recursive: true }))

const manifest = (name: string, spec: string, metadata = '') => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}${metadata}
  annotations:
    argocd-image-updater.argoproj.io/image-list: web=org/web:1.x, api=org/api:1.x
spec:
  source:
    repoURL: r
${spec}`
const KUSTOMIZE = `    kustomize:
      images: [org/web:1.4, 'org/api:1.0']   # both
`
const HELM = `    helm:
      parameters:
      - name: image.name
        value: org/web
      - {name: image.tag, value: "1.4", forceString: true}
`

async function open(files: Readonly<Record<string, string>>): Promise<EngineContext> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const manifests = await readManifests({
    names: [folder],
    recursive: false,
    standardInput: () => {
      throw new Error('nobody reads it')
    },
  })
  const registry = new FakeRegistry({
    'org/api': { '1.0': {}, '1.1': {} },
    'org/web': { '1.4': {}, '1.5': {} },
  })
  return {
    ...contextOf(registry),
    applications: new FileApplications(manifests, { names: [folder], recursive: false }, ''),
  }
}

async function updatesOf(context: EngineContext) {
  const { images } = await loadManagedImages(context, {})
  return (await checkImages(context, images)).filter(isUpdatable)
}

describe('updates of Applications in files', () => {
  it('are one write for all images of an Application', async () => {
    const context = await open({ 'a.yaml': manifest('shop', KUSTOMIZE) })
    const [group = []] = updateGroups(await updatesOf(context))
    expect(group.map(({ alias }) => alias)).toEqual(['web', 'api'])
    const outcomes = await applyUpdates(context, group, APPLY)
    expect(outcomes.map(({ state }) => state)).toEqual(['applied', 'applied'])
    expect(await readFile(join(folder, 'a.yaml'), 'utf8')).toBe(
      manifest('shop', KUSTOMIZE.replace('web:1.4', 'web:1.5').replace('api:1.0', 'api:1.1')),
    )
  })

  it('keep a version text, in a helm parameter too', async () => {
    const helm = (text: string) => manifest('shop', text).replace(', api=org/api:1.x', '')
    const context = await open({ 'a.yaml': helm(HELM) })
    const [group = []] = updateGroups(await updatesOf(context))
    await applyUpdates(context, group, APPLY)
    const after = HELM.replace('"1.4"', '"1.5"').replace('org/web\n', 'org/web\n        forceString: true\n')
    expect(await readFile(join(folder, 'a.yaml'), 'utf8')).toBe(helm(after))
  })

  it('of the same name in two files are two writes, each to its own file', async () => {
    const context = await open({
      'a.yaml': manifest('shop', KUSTOMIZE),
      'b.yaml': manifest('shop', KUSTOMIZE),
    })
    const groups = updateGroups(await updatesOf(context))
    expect(groups.map((group) => group.length)).toEqual([2, 2])
    await applyUpdates(context, groups[1] ?? [], APPLY)
    expect(await readFile(join(folder, 'a.yaml'), 'utf8')).toContain('web:1.4')
    expect(await readFile(join(folder, 'b.yaml'), 'utf8')).toContain('web:1.5')
  })

  it('are not written where the file changed since it was read, and nobody is asked again', async () => {
    const context = await open({ 'a.yaml': manifest('shop', KUSTOMIZE) })
    const updates = await updatesOf(context)
    const changed = `${manifest('shop', KUSTOMIZE)}# somebody\n`
    await writeFile(join(folder, 'a.yaml'), changed)
    const outcomes = await applyUpdates(context, updates, APPLY)
    expect(outcomes).toMatchObject([{ state: 'failed' }, { state: 'failed' }])
    expect(outcomes[0]).toMatchObject({
      error: { message: `${join(folder, 'a.yaml')} changed since it was read: nothing was written` },
    })
    expect(await readFile(join(folder, 'a.yaml'), 'utf8')).toBe(changed)
  })

  it('are blocked beforehand where the text cannot be edited', async () => {
    const shared = KUSTOMIZE.replace('images: [', 'images: &all [').concat('  info: *all\n')
    const context = await open({ 'a.yaml': manifest('shop', shared) })
    const { images } = await loadManagedImages(context, {})
    const [web] = await checkImages(context, images)
    expect(web).toMatchObject({
      decision: {
        gates: expect.arrayContaining([expect.objectContaining({ name: 'file', verdict: 'stop' })]),
        kind: 'blocked',
      },
      writes: [],
    })
  })
})

describe('what runs', () => {
  it('is what the spec declares, whatever a status says that was exported along', async () => {
    const status = 'status: {sourceType: Kustomize, summary: {images: [org/web:1.5]}}\n'
    const context = await open({ 'a.yaml': manifest('shop', KUSTOMIZE) + status })
    const [web] = await updatesOf(context)
    expect(web?.running.images).toMatchObject({ found: 'declared', live: [] })
    expect(web?.application.status).toEqual({ sourceType: 'Kustomize' })
  })
})

describe('broken Applications', () => {
  it('are problems with file and line; the others go on', async () => {
    const context = await open({
      'a.yaml': `${manifest('good', KUSTOMIZE)}---\n${manifest('bad', HELM.replace('"1.4"', '1.4'))}`,
      'b.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: null\n',
    })
    const { applications, problems } = await loadManagedImages(context, {})
    expect(applications.map(({ metadata }) => metadata.name)).toEqual(['good'])
    expect(problems.map(({ message }) => message.replace(`${folder}/`, ''))).toEqual([
      'a.yaml:13: the Application cannot be read: spec.source.helm.parameters[1].value is not text',
      'b.yaml:1: the Application cannot be read: metadata is not an object',
    ])
  })
})
