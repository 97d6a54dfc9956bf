import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { type JsonObject, objectAt, valueAt } from '../../src/lib/sandbox/json.ts'
import { ANNOTATION_PREFIX, prefixed } from './world/manifests.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let image: string
beforeAll(async () => {
  world = await startWorld({ detours: true })
  image = world.repository('web')
  for (const tag of ['1.4.0', '1.4.2', '1.5.0', '2.0.0']) await world.push('web', tag)
  await deploy('refused', { refused: { 'image-list': `web=${image}:^1` } })
})
afterAll(() => world?.close())

/** Annotated Applications that share a label, so that a test has its own. */
async function deploy(label: string, all: Readonly<Record<string, Record<string, string>>>): Promise<void> {
  for (const [name, rules] of Object.entries(all)) {
    await world.deploy({ name, images: { web: `${image}:1.4.0` }, labels: { test: label }, rules })
  }
  await world.settle()
}

async function annotationsOf(name: string): Promise<Record<string, unknown>> {
  return objectAt(await world.read('Application', world.namespace, name), 'metadata', 'annotations')
}

async function specOf(name: string): Promise<unknown> {
  return valueAt(await world.read('ImageUpdater', world.namespace, name), 'spec')
}

async function imageUpdaterNames(): Promise<unknown[]> {
  const all = await world.list('ImageUpdater', world.namespace)
  return all.map((object) => valueAt(object, 'metadata', 'name'))
}

async function rules(label: string): Promise<JsonObject[]> {
  const { stdout } = await world.run(['list', '-l', `test=${label}`, '-o', 'json'])
  return JSON.parse(stdout).items
}

const FORBIDDEN = {
  kind: 'Status',
  status: 'Failure',
  code: 403,
  reason: 'Forbidden',
  message: 'imageupdaters is forbidden: User "dev" cannot create resource "imageupdaters"',
}
const STRATEGY = { 'web.update-strategy': 'semver' }

describe('migrate', () => {
  it('prints one resource with an item for each Application, and writes nothing', async () => {
    await deploy('printed', {
      'printed-b': { 'image-list': `web=${image}:^1`, ...STRATEGY, 'web.ignore-tags': '*-rc*, latest' },
      'printed-a': {
        'image-list': `web=${image}:~1.4`,
        ...STRATEGY,
        'web.kustomize.image-name': 'org/base',
        'write-back-method': 'git:secret:argocd/creds',
        'git-branch': 'main',
      },
    })
    const { code, stdout, stderr } = await world.run(['migrate', '-l', 'test=printed'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(parse(stdout)).toEqual({
      apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
      kind: 'ImageUpdater',
      metadata: { name: 'image-updater', namespace: world.namespace },
      spec: {
        commonUpdateSettings: { updateStrategy: 'semver' },
        applicationRefs: [
          {
            namePattern: 'printed-a',
            writeBackConfig: { method: 'git:secret:argocd/creds', gitConfig: { branch: 'main' } },
            images: [
              {
                alias: 'web',
                imageName: `${image}:~1.4`,
                manifestTargets: { kustomize: { name: 'org/base' } },
              },
            ],
          },
          {
            namePattern: 'printed-b',
            images: [
              {
                alias: 'web',
                imageName: `${image}:^1`,
                commonUpdateSettings: { ignoreTags: ['*-rc*', 'latest'] },
              },
            ],
          },
        ],
      },
    })
    const json = await world.run(['migrate', '-l', 'test=printed', '-o', 'json'])
    expect(JSON.parse(json.stdout)).toEqual(parse(stdout))
    expect(await imageUpdaterNames()).not.toContain('image-updater')
  })

  it('prints a document for each namespace with -A', async () => {
    const rules = { 'image-list': `web=${image}:^1` }
    await deploy('everywhere', { here: rules })
    const images = { web: `${image}:1.4.0` }
    const labels = { test: 'everywhere' }
    await world.deploy({ name: 'there', namespace: world.otherNamespace, images, labels, rules })
    const { code, stdout } = await world.run(['migrate', '-A', '-l', 'test=everywhere'])
    expect(code).toBe(0)
    const documents = parseAllDocuments(stdout).map((document) => document.toJS())
    expect(documents.map(({ metadata, spec }) => [metadata.namespace, spec.applicationRefs.length])).toEqual([
      [world.namespace, 1],
      [world.otherNamespace, 1],
    ])
  })

  it('--apply --remove-annotations moves the rules, and what is found stays the same', async () => {
    await deploy('moved', {
      'moved-a': { 'image-list': `web=${image}:^1`, 'web.image-tag-filter': '^1\\.4', hold: 'false' },
      'moved-b': { 'image-list': `${image}:~1.4` },
    })
    const before = await rules('moved')
    const args = ['migrate', '-l', 'test=moved', '--name', 'moved', '--apply', '--remove-annotations']
    for (const mode of ['client', 'server']) {
      const dry = await world.run([...args, `--dry-run=${mode}`])
      expect(dry).toMatchObject({ code: 0 })
      expect(dry.stdout).toContain('imageupdater.argocd-image-updater.argoproj.io/moved created (')
      expect(await imageUpdaterNames()).not.toContain('moved')
    }
    const { code, stdout, stderr } = await world.run([...args, '--yes'])
    expect(code).toBe(0)
    expect(stderr).toContain(`moved-b: image ${image} has no alias: it becomes web`)
    expect(stdout).toContain('spec.applicationRefs[0].images[0].commonUpdateSettings.allowTags')
    expect(stdout).toContain('+     regexp:^1\\.4')
    expect(stdout).toContain('metadata.annotations[argocd-image-updater.argoproj.io/image-list]')
    expect(stdout).toContain('imageupdater.argocd-image-updater.argoproj.io/moved created')
    expect(stdout).toContain('application.argoproj.io/moved-b annotated')
    expect(await annotationsOf('moved-a')).toEqual(prefixed({ hold: 'false' }))
    const after = await rules('moved')
    expect(after.map(({ constraint, strategy }) => ({ constraint, strategy }))).toEqual(
      before.map(({ constraint, strategy }) => ({ constraint, strategy })),
    )
    expect(after.map((item) => valueAt(item, 'rule', 'kind'))).toEqual(['image-updater', 'image-updater'])
    const check = await world.run(['check', '-l', 'test=moved'])
    expect(check.stdout).toMatch(/moved-a +web +1\.4\.0 +1\.4\.2 /)
    expect(check.stderr).not.toContain('Warning')
  })

  it('--apply adds to a resource that exists, and keeps what it says of others', async () => {
    await deploy('added', { 'added-a': { 'image-list': `web=${image}:^1` } })
    const other = { namePattern: 'other-*', images: [{ alias: 'web', imageName: image }] }
    await world.apply({
      apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
      kind: 'ImageUpdater',
      metadata: { name: 'added', namespace: world.namespace },
      spec: { applicationRefs: [other] },
    })
    const args = ['migrate', 'added-a', '--name', 'added', '--apply', '-y']
    const { code, stdout, stderr } = await world.run(args)
    expect(code).toBe(0)
    expect(stdout).toContain('imageupdater.argocd-image-updater.argoproj.io/added configured')
    expect(stdout).not.toContain('other-*')
    expect(stderr).toContain('--remove-annotations')
    // The real CRD fills in defaults, so more than this may be there.
    const spec = {
      applicationRefs: [
        other,
        { namePattern: 'added-a', images: [{ alias: 'web', imageName: `${image}:^1` }] },
      ],
    }
    expect(await specOf('added')).toMatchObject(spec)
    const again = await world.run(args)
    expect(again).toMatchObject({ code: 0 })
    expect(again.stderr).toContain('unchanged')
    const cleaned = await world.run([...args, '--remove-annotations'])
    expect(cleaned).toMatchObject({ code: 0 })
    expect(await annotationsOf('added-a')).toEqual({})
    expect(await specOf('added')).toMatchObject(spec)
  })

  it('lists what would be lost, and writes only with --allow-loss', async () => {
    const lossy = { 'image-list': `web=${image}:^1`, 'web.pin-digest': 'true' }
    await deploy('lossy', { lossy })
    const printed = await world.run(['migrate', 'lossy', '--name', 'lossy'])
    expect(printed.code).toBe(1)
    expect(printed.stderr).toContain(
      `${world.namespace}/lossy web pin-digest "true" is not carried over: an ImageUpdater has no field for it`,
    )
    expect(parse(printed.stdout)).toMatchObject({ kind: 'ImageUpdater' })
    const args = ['migrate', 'lossy', '--name', 'lossy', '--apply', '--remove-annotations', '--yes']
    const refused = await world.run(args)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/error: nothing was written.*--allow-loss/)
    expect(await annotationsOf('lossy')).toEqual(prefixed(lossy))
    expect(await imageUpdaterNames()).not.toContain('lossy')
    expect(await world.run([...args, '--allow-loss'])).toMatchObject({ code: 0 })
    expect(await annotationsOf('lossy')).toEqual({})
  })

  it('leaves the annotations where the resource is refused', async () => {
    const kept = { 'image-list': `web=${image}:^1` }
    await deploy('kept', { kept })
    if (!world.api) throw new Error('this world has no detours')
    const { api } = world
    api.intercept = (line) =>
      /^POST .*\/imageupdaters/.test(line) ? { status: 403, body: JSON.stringify(FORBIDDEN) } : undefined
    const args = ['migrate', 'kept', '--name', 'kept', '--apply', '--remove-annotations', '--yes']
    const { code, stderr } = await world.run(args)
    api.intercept = () => undefined
    expect(code).toBe(1)
    expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toEqual([
      expect.stringContaining('create'),
    ])
    expect(await annotationsOf('kept')).toEqual(prefixed(kept))
  })

  it.each([
    { what: 'without a terminal to ask on', args: ['--apply'], error: /no terminal to ask on/ },
    { what: 'a name that no object has', args: ['--name', 'My_Rules'], error: /"My_Rules" is not the name/ },
    { what: '--remove-annotations alone', args: ['--remove-annotations'], error: /--apply/ },
    { what: 'an Application that does not exist', args: ['absent'], error: /"absent" not found/ },
  ])('refuses $what in one line', async ({ args, error }) => {
    const named = args[0] === 'absent' ? args : ['refused', '--name', 'refused', ...args]
    const { code, stderr } = await world.run(['migrate', ...named])
    expect(code).toBe(1)
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '))
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(error)
    expect(await imageUpdaterNames()).not.toContain('refused')
  })
})

describe('migrate --to-annotations', () => {
  it('prints kubectl commands, or writes the annotations itself', async () => {
    await deploy('back', { 'back-a': { 'image-list': `stale=${image}`, hold: 'false' }, 'back-b': {} })
    await world.apply({
      apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
      kind: 'ImageUpdater',
      metadata: { name: 'back', namespace: world.namespace },
      spec: {
        commonUpdateSettings: { updateStrategy: 'semver' },
        applicationRefs: [
          {
            namePattern: 'back-*',
            images: [
              {
                alias: 'web',
                imageName: `${image}:>=1.4, <2.0`,
                commonUpdateSettings: { allowTags: "regexp:^1|'" },
                manifestTargets: { kustomize: { name: 'org/base' } },
              },
            ],
          },
        ],
      },
    })
    const { code, stdout } = await world.run(['migrate', '-l', 'test=back', '--to-annotations'])
    expect(code).toBe(0)
    expect(stdout).toContain(
      `kubectl annotate applications.argoproj.io back-a --namespace ${world.namespace} --overwrite \\\n  '${ANNOTATION_PREFIX}/image-list=web=${image}:>=1.4 <2.0' \\\n`,
    )
    expect(stdout).toContain(`'${ANNOTATION_PREFIX}/web.allow-tags=regexp:^1|'\\'''`)
    const wanted = prefixed({
      'image-list': `web=${image}:>=1.4 <2.0`,
      'web.update-strategy': 'semver',
      'web.allow-tags': "regexp:^1|'",
      'web.kustomize.image-name': 'org/base',
    })
    const yaml = await world.run(['migrate', 'back-b', '--to-annotations', '-o', 'yaml'])
    expect(parse(yaml.stdout)).toMatchObject({ kind: 'Application', metadata: { annotations: wanted } })
    const applied = await world.run(['migrate', '-l', 'test=back', '--to-annotations', '--apply', '-y'])
    expect(applied).toMatchObject({ code: 0 })
    expect(applied.stderr).toContain(`As long as ImageUpdater ${world.namespace}/back matches`)
    expect(await annotationsOf('back-a')).toEqual({ ...wanted, ...prefixed({ hold: 'false' }) })
    expect(await annotationsOf('back-b')).toEqual(wanted)
    await world.remove('ImageUpdater', world.namespace, 'back')
    expect((await world.run(['check', 'back-b'])).stdout).toMatch(/back-b +web +1\.4\.0 +1\.5\.0 /)
  })
})
