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

const run = (...args: string[]) =>
  world.run(['check', ...args, '--plain-http-registry', world.registryHost], {
    env: { KUBECONFIG: '/nowhere' },
  })

async function manifest(name: string, repository = image): Promise<string> {
  const path = join(world.home, `${name}.yaml`)
  await writeFile(
    path,
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  annotations:
    argocd-image-updater.argoproj.io/image-list: web=${repository}:1.x
spec:
  destination: {server: https://kubernetes.default.svc}
  source: {repoURL: https://git.example.com/r.git, kustomize: {images: ["${repository}:1.4.0"]}}
`,
  )
  return path
}

it('writes each report beside the table, and the exit code agrees with JUnit', async () => {
  const path = await manifest('shop')
  const files = ['junit', 'sarif', 'markdown'].map((format) => [format, join(world.home, `r.${format}`)])
  const reports = files.flatMap(([format, file]) => ['--report', `${format}=${file}`])
  const strict = await run('-f', path, '--exit-code', ...reports)
  expect(strict.code).toBe(1)
  expect(strict.stdout).toContain('AVAILABLE')
  const [junit = '', sarif = '', markdown = ''] = await Promise.all(
    files.map(([, file = '']) => readFile(file, 'utf8')),
  )
  expect(junit).toContain('<failure type="update-available" message="1.4.0 → 1.5.0: ')
  const [result] = JSON.parse(sarif).runs[0].results
  expect(result.locations[0].physicalLocation.artifactLocation.uri).toMatch(/shop\.yaml$/)
  expect(result.locations[0].physicalLocation.region.startLine).toBe(6)
  expect(markdown).toContain('1 update available')
  expect((await run('-f', path, ...reports)).code).toBe(0)
  expect(await readFile(files[0]?.[1] ?? '', 'utf8')).toContain('failures="0"')
})

it('prints one in the place of the table with -', async () => {
  const { code, stdout } = await run('-f', await manifest('printed'), '--report', 'markdown=-')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^## Image updates\n/)
  expect(stdout).not.toContain('AVAILABLE')
})

it('an image that cannot be checked is an error in the report, whatever the exit code', async () => {
  const { code, stdout } = await run('-f', await manifest('gone', `${image}-gone`), '--report', 'junit=-')
  expect(code).toBe(1)
  expect(stdout).toContain('errors="1"')
  expect(stdout).toContain('<error type="check-failed"')
})

it('a check that fails altogether tells that in the report', async () => {
  const { code, stdout, stderr } = await run('-f', 'missing.yaml', '--exit-code', '--report', 'junit=-')
  expect(code).toBe(2)
  expect(stderr).toContain('cannot read missing.yaml')
  expect(stdout).toContain('<error type="check-failed" message="cannot read missing.yaml')
})

it('a report that cannot be written is one line and an error', async () => {
  const { code, stderr } = await run('-f', await manifest('unwritten'), '--report', 'junit=/nowhere/r.xml')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: cannot write the report \/nowhere\/r\.xml: ENOENT[^\n]*$/m)
})
