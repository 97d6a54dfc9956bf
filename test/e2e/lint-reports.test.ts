import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from './world/world.ts'

let world: World
let image: string
beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.4.0', '1.5.0']) await world.push('web', tag)
})
afterAll(() => world?.close())

const run = (args: readonly string[], input = '') =>
  world.run([...args, '--plain-http-registry', world.registryHost], {
    env: { KUBECONFIG: '/nowhere' },
    input,
  })

const PREFIX = 'argocd-image-updater.argoproj.io'

/** Two images in a list of several lines; the rule of the second is faulty, and the first has a former key. */
const manifest = () => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  annotations:
    ${PREFIX}/image-list: |-
      web=${image}:1.x,
      api=${image}
    ${PREFIX}/api.allow-tags: ^1
    ${PREFIX}/web.tag-match: regexp:^1
spec:
  destination: {server: https://kubernetes.default.svc}
  source: {repoURL: https://git.example.com/r.git, kustomize: {images: ["${image}:1.4.0"]}}
`
const resource = () => `---
apiVersion: argocd-image-updater.argoproj.io/v1alpha1
kind: ImageUpdater
metadata: {name: rules}
spec:
  applicationRefs:
  - namePattern: blog
    images:
    - alias: web
      imageName: "${image}:1.x"
      commonUpdateSettings:
        platfroms: [linux/amd64]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: blog}
spec:
  destination: {server: https://kubernetes.default.svc}
  source: {repoURL: https://git.example.com/r.git, kustomize: {images: ["${image}:1.4.0"]}}
`

async function file(name: string, text: string): Promise<string> {
  const path = join(world.home, name)
  await writeFile(path, text)
  return path
}

interface Result {
  readonly ruleId: string
  readonly locations: [{ physicalLocation: { region: { startLine: number } } }]
}

/** `rule:line` of every result of a SARIF report that was printed. */
function places(text: string): string[] {
  const results: Result[] = JSON.parse(text).runs[0].results
  return results.map(({ locations, ruleId }) => `${ruleId}:${locations[0].physicalLocation.region.startLine}`)
}

it('lint and check: results stand at the lines of the keys and of the images in the list', async () => {
  const path = await file('shop.yaml', manifest())
  const linted = await run(['lint', '-f', path, '--offline', '--report', 'sarif=-'])
  expect(linted.code).toBe(0)
  expect(places(linted.stdout)).toEqual(['allow-tags-keyword:9', 'deprecated-key:10'])
  const checked = await run(['check', '-f', path, '--report', 'sarif=-'])
  expect(places(checked.stdout)).toContain('allow-tags-keyword:9')
  expect(places(checked.stdout)).toContain('update-available:7')
})

it('lint and check: of a rule in an ImageUpdater the lines are those of the resource', async () => {
  const path = await file('resource.yaml', resource())
  const linted = await run(['lint', '-f', path, '--offline', '--report', 'sarif=-'])
  expect(places(linted.stdout)).toContain('image-updater:12')
  const checked = await run(['check', '-f', path, '--report', 'sarif=-'])
  expect(places(checked.stdout)).toEqual(['update-available:9'])
})

it('JUnit agrees with the exit code, beside the table', async () => {
  const path = await file('strict.yaml', manifest())
  const junit = join(world.home, 'rules.xml')
  const counts = async (...more: string[]) => {
    const { code, stderr } = await run([
      'lint',
      '-f',
      path,
      '--offline',
      '--report',
      `junit=${junit}`,
      ...more,
    ])
    expect(stderr).toContain('1 Application')
    return [code, /failures="\d+" errors="\d+" skipped="\d+"/.exec(await readFile(junit, 'utf8'))?.[0]]
  }
  expect(await counts()).toEqual([0, 'failures="0" errors="0" skipped="2"'])
  expect(await counts('--exit-code')).toEqual([1, 'failures="2" errors="0" skipped="0"'])
  expect(await counts('--exit-code', '--severity', 'error')).toEqual([
    1,
    'failures="1" errors="0" skipped="1"',
  ])
  await file(
    'strict.yaml',
    manifest()
      .replace(/,\n.*api=.*/, '')
      .replace(/ .*(?:allow-tags|tag-match).*\n/g, ''),
  )
  expect(await counts('--exit-code')).toEqual([0, 'failures="0" errors="0" skipped="0"'])
  expect(await readFile(junit, 'utf8')).toContain('classname="shop" name="lint" time="0"/>')
})

it('a run that fails altogether tells that in the report', async () => {
  const { code, stdout } = await run(['lint', '-f', 'missing.yaml', '--exit-code', '--report', 'markdown=-'])
  expect(code).toBe(2)
  expect(stdout).toMatch(/^## Image rules\n\n1 error\n/)
})

it('standard output has room for one thing', async () => {
  const args = ['lint', '-f', '-', '--fix', '--report', 'sarif=-']
  const { code, stderr, stdout } = await run(args, manifest())
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain('--report to - and --fix -f - both want standard output')
})
