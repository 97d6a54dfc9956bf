import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sourceOf } from './world/cluster-facts.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let image: string
beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.4.1', '1.4.2', '1.5.0', '2.0.0-rc.1', 'main']) await world.push('web', tag)
  const deploy = (name: string, rules: Record<string, string>, more: object = {}) =>
    world.deploy({
      images: { app: `${image}:1.4.2` },
      name,
      rules: { 'image-list': `app=${image}:^1.4`, ...rules },
      source: { kustomize: { images: [`${image}:1.4.2`] } },
      ...more,
    })
  await deploy('shop', {})
  await deploy('faulty', { 'app.allow-tags': '^v1' })
  await deploy(
    'ahead',
    { 'image-list': `app=${image}:~1.4.0` },
    {
      images: { app: `${image}:1.5.0` },
      source: { kustomize: { images: [`${image}:1.5.0`] } },
    },
  )
  await deploy('asleep', {}, { replicas: 0, source: {} })
  await world.deploy({ images: { app: `${image}:1.4.2` }, name: 'bare' })
  await world.settle()
})
afterAll(() => world?.close())

/** The answer without what differs from run to run. */
async function explained(...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await world.run(['explain', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.replaceAll(image, 'IMAGE')
}

describe('explain', () => {
  it('an update: from the rule to the exact write', async () => {
    const answer = await explained('shop')
    for (const part of [
      /^shop · app .*context .*, namespace /,
      /^Rule {8}semver "\^1\.4" of IMAGE; write-back argocd$/m,
      /^ {14}image-list {2}app=IMAGE:\^1\.4$/m,
      /^Running {5}spec {5}1\.4\.2 \(spec\.source\.kustomize\.images\[0\]\)$/m,
      /^ {12}live {5}1\.4\.2 \(status\.summary\.images lists 1\)$/m,
      /^ {12}Pods {5}1 runs it, [0-9a-f]{12}$/m,
      /^ {12}Argo CD {2}Synced, Healthy, auto-sync on$/m,
      /^Source {6}spec\.source, Kustomize \(status\.sourceType\)$/m,
      /^Tags {8}5 listed$/m,
      /^ {12}− 1 {2}not a version +"main"$/m,
      /^ {12}= 3 {2}candidates$/m,
      /^Finalists {3}1\.5\.0 {2}(?:pushed|built) .* ago, [0-9a-f]{12}, linux\/amd64/m,
      /^Winner {6}1\.5\.0: highest version of 3 candidates$/m,
      /^Gates {7}direction {4}ok {4}1\.4\.2 → 1\.5\.0 is a step up \(minor\)$/m,
      /^ {14}- IMAGE:1\.4\.2\n {14}\+ IMAGE:1\.5\.0$/m,
      /^Next {8}kubectl image-updater update shop$/m,
    ]) {
      expect(answer).toMatch(part)
    }
  })

  it('-o json says the same', async () => {
    const { items } = JSON.parse(await explained('shop', 'app', '-o', 'json'))
    const [{ images }] = items
    expect(images).toMatchObject([
      {
        check: { available: { tag: '1.5.0' }, decision: 'update' },
        gates: [
          { name: 'direction' },
          { name: 'sync-window' },
          { name: 'argo-cd' },
          { name: 'place' },
          { name: 'write-back' },
        ],
        keys: [{ key: 'image-list', value: 'app=IMAGE:^1.4' }],
        next: [
          { command: 'kubectl image-updater update shop' },
          { command: 'kubectl image-updater skip shop app 1.5.0' },
        ],
        tags: { candidates: 3, listed: 5 },
      },
    ])
  })

  it('a faulty rule: the fault, and everything else all the same', async () => {
    const answer = await explained('faulty')
    expect(answer).toContain('Fault       app.allow-tags "^v1"')
    expect(answer).toContain('Write "regexp:^v1"')
    expect(answer).toContain('Finalists   1.5.0')
    expect(answer).toContain('Would write nothing: the rule is faulty')
  })

  it('an Application that is scaled to zero', async () => {
    const answer = await explained('asleep')
    expect(answer).toContain('deployment/asleep is scaled to 0')
    expect(answer).toContain(`kubectl annotate applications.argoproj.io asleep -n ${world.namespace}`)
  })

  it('an Application without rules', async () => {
    const answer = await explained('bare')
    expect(answer).toContain('Running     IMAGE:1.4.2')
    expect(answer).toContain('kubectl image-updater annotate bare')
  })

  it.each([
    [['nowhere'], /application "nowhere" not found/],
    [['shop', 'ap'], /has no rule for an image "ap", but for app\. Did you mean app\?/],
    [['shop', 'app', '-o', 'xml'], /"xml" is not an output format/],
  ])('%j ends in one line', async (args, expected) => {
    const { code, stdout, stderr } = await world.run(['explain', ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(expected)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('an older version', () => {
  it('is not written unasked, and explain says how to take it', async () => {
    const answer = await explained('ahead')
    expect(answer).toMatch(
      /direction {4}STOP {2}the newest allowed tag 1\.4\.2 is older than the running 1\.5\.0/,
    )
    expect(answer).toContain('kubectl image-updater update ahead --allow-downgrade')
    expect((await world.run(['update', 'ahead', '--yes'])).stderr).toContain('1 blocked')
    expect(await sourceOf(world, 'ahead')).toMatchObject({ kustomize: { images: [`${image}:1.5.0`] } })
  })

  it('is written with update --allow-downgrade', async () => {
    const { code, stdout } = await world.run(['update', 'ahead', '--allow-downgrade', '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain('1.5.0 → 1.4.2')
    expect(await sourceOf(world, 'ahead')).toMatchObject({ kustomize: { images: [`${image}:1.4.2`] } })
  })
})

it('a date that wins as a version is warned about once by check, tags and explain', async () => {
  for (const tag of ['1.0.0', '20240101']) await world.push('dated', tag)
  const dated = world.repository('dated')
  await world.deploy({
    images: { app: `${dated}:1.0.0` },
    name: 'dated',
    rules: { 'image-list': `app=${dated}` },
  })
  await world.settle()
  const warning = /20240101 has only digits/g
  for (const args of [
    ['check', 'dated'],
    ['tags', dated],
  ]) {
    const { stderr } = await world.run(args)
    expect(stderr.match(warning)).toHaveLength(1)
    expect(stderr).toMatch(/image-tag-filter|--tag-filter/)
  }
  expect((await world.run(['explain', 'dated'])).stdout.match(warning)).toHaveLength(1)
})
