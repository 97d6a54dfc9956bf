import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from './world/manifests.ts'
import { type Finished, type Running, startProgram } from './world/plugin.ts'
import { needs } from './world/requirement.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let image: string
const started: Running[] = []

beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.0.0', '1.1.0']) await world.push('web', tag)
  await world.deploy({ name: 'shop', images: { web: `${image}:1.0.0` } })
  await world.settle()
})
afterAll(async () => {
  for (const program of started) program.signal('SIGKILL')
  await world?.close()
})
beforeEach((test) => needs('kubectl', test))

function start(...args: string[]): Running {
  const program = startProgram('kubectl', args, { env: world.env })
  started.push(program)
  return program
}

function kubectl(...args: string[]): Promise<Finished> {
  return start(...args).finished
}

describe('kubectl itself', () => {
  it('gets Applications as a table and as YAML', async () => {
    const table = await kubectl('get', 'applications', '-n', world.namespace)
    expect(table).toMatchObject({ code: 0, stdout: expect.stringMatching(/^NAME .*\nshop +/) })
    const yaml = await kubectl('get', 'application', 'shop', '-o', 'yaml')
    expect(yaml.stdout).toContain('kind: Application')
  })

  it('annotates an Application, and the plugin acts on what it wrote', async () => {
    const key = `${ANNOTATION_PREFIX}/image-list`
    const { code, stdout } = await kubectl('annotate', 'application', 'shop', `${key}=web=${image}:1.x`)
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'application.argoproj.io/shop annotated\n' })
    expect((await world.run(['check'])).stdout).toMatch(/^shop +web +1\.0\.0 +1\.1\.0 /m)
  })

  it('applies a List, as -o json prints several objects', async () => {
    const items = ['first', 'second'].map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: world.namespace },
    }))
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
    const applying = startProgram('kubectl', ['apply', '-f', '-'], { env: world.env, input: list })
    started.push(applying)
    expect(await applying.finished).toMatchObject({
      code: 0,
      stdout: 'configmap/first created\nconfigmap/second created\n',
    })
  })

  it('finds the plugin as kubectl-image_updater on PATH', async () => {
    const { code, stdout, stderr } = await kubectl('image-updater', 'check')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/^shop +web +1\.0\.0 +1\.1\.0 /m)
    const absent = await kubectl('image-updater', 'check', 'absent')
    expect(absent.code).toBe(1)
  })

  it('sees with get -w how an update arrives', async () => {
    const path = '{.spec.source.kustomize.images}{"\\n"}'
    const watching = start('get', 'application', 'shop', '-w', '-o', `jsonpath=${path}`)
    await watching.until(() => expect(watching.stdout).toContain('\n'))
    expect(await kubectl('image-updater', 'update', '--yes')).toMatchObject({ code: 0 })
    await watching.until(() => expect(watching.stdout).toContain(`${image}:1.1.0`))
    watching.signal('SIGINT')
    await watching.finished
  })

  it('patches an Application, and the plugin sees it', async () => {
    const patch = JSON.stringify({ spec: { source: { kustomize: { images: [`${image}:1.0.0`] } } } })
    const { code } = await kubectl('patch', 'application', 'shop', '--type=merge', '-p', patch)
    expect(code).toBe(0)
    const json = JSON.stringify([{ op: 'test', path: '/spec/project', value: 'default' }])
    expect(await kubectl('patch', 'application', 'shop', '--type=json', '-p', json)).toMatchObject({
      code: 0,
    })
    expect((await world.run(['check', '--exit-code'])).code).toBe(1)
  })

  it('shows the Pods that came of it', async () => {
    await world.settle()
    const { stdout } = await kubectl('get', 'pods', '-n', world.workloads, '-o', 'name')
    expect(stdout).toMatch(/^pod\/shop-/)
  })
})
