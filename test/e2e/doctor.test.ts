import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { startApiServer } from '../../src/lib/sandbox/index.ts'
import { objections } from '../schema/schema.ts'
import { testbed } from './world/backend.ts'
import { kubeconfigOf } from './world/kubeconfig.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  const image = world.repository('web')
  for (const tag of ['1.0.0', '1.1.0']) await world.push('web', tag)
  await world.deploy({
    name: 'shop',
    images: { app: `${image}:1.0.0` },
    rules: { 'image-list': `app=${image}` },
  })
  await world.settle()
})
afterAll(() => world?.close())

interface Report {
  readonly context: string
  readonly items: readonly {
    readonly check: string
    readonly state: string
    readonly subject: string
    readonly message: string
    readonly remedy: string
  }[]
  readonly summary: Readonly<Record<string, number>>
}

async function report(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await world.run(['doctor', ...args, '-o', 'json'], { env })
  const document = JSON.parse(stdout) as Report
  expect(objections(document)).toBe('')
  return { code, stderr, document }
}

/** `check state` of everything that is not as it should be, in order. */
function troubles({ items }: Report): string[] {
  // Client certificates of a real API server that is made for a test run do not live long.
  const lasting = items.filter(({ subject }) => subject !== 'certificate')
  return lasting.filter(({ state }) => state !== 'ok').map(({ check, state }) => `${check} ${state}`)
}

/** What every one of them leaves unexamined. */
const WITHOUT_CLUSTER = ['argo-cd skip', 'rights skip', 'registry skip', 'writers skip']

describe('a cluster that is well', () => {
  it('is a line a check, with mark and word, and a sum', async () => {
    const { code, stdout, stderr } = await world.run(['doctor'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^versions {4}✓ ok {4}kubectl image-updater v\d/)
    expect(stdout).toMatch(/^kubeconfig {2}✓ ok {4}context end-to-end \(current-context\) of /m)
    expect(stdout).toMatch(/^cluster {5}✓ ok {4}https:\/\/127\.0\.0\.1:\d+ answers: Kubernetes v1\./m)
    expect(stdout).toMatch(
      /^clock {7}✓ ok {4}this machine agrees with 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+ to within 30 s$/m,
    )
    expect(stdout).toMatch(/✓ ok {4}1 Application in namespace \S+, 1 image with rules$/m)
    expect(stdout).toMatch(/^rights {6}✓ ok {4}all \d+ rights in /m)
    expect(stdout).toContain(`${world.registryHost} answers (registry v2, anonymous): 2 tags of`)
    expect(stderr).toMatch(/\d+ ok.* · [12] registry requests?\n$/)
  })

  it('is a document of the schema, and the same as YAML', async () => {
    const { code, document } = await report([])
    expect(code).toBe(0)
    expect(document.context).toBe('end-to-end')
    expect(document.summary).toMatchObject({ fail: 0 })
    const yaml = parse((await world.run(['doctor', '-o', 'yaml'])).stdout) as Report
    expect(yaml.items.map(({ check }) => check)).toEqual(document.items.map(({ check }) => check))
  })

  it('prints the roles that grant all of it', async () => {
    const { code, stdout } = await world.run(['doctor', '--rbac'])
    expect(code).toBe(0)
    const roles = parseAllDocuments(stdout).map((one) => one.toJS())
    // An API server that is shared may have the namespace of Argo CD, too.
    const own = roles.filter(({ metadata }) => metadata.namespace !== 'argocd')
    expect(own.map(({ kind, metadata }) => `${kind} ${metadata.namespace}`)).toEqual([
      `Role ${world.namespace}`,
      `Role ${world.workloads}`,
    ])
  })

  it('with an Application that was named wrong fails for that one only', async () => {
    const { code, document } = await report(['shpo', 'shop'])
    expect(code).toBe(1)
    const failed = document.items.filter(({ state }) => state === 'fail')
    expect(failed).toMatchObject([{ check: 'argo-cd', message: expect.stringContaining('"shpo" not found') }])
    expect(document.items.map(({ check }) => check)).toContain('registry')
  })
})

describe('what does not work is said, and stops nothing else', () => {
  it('no kubeconfig at all', async () => {
    const home = join(world.home, 'empty')
    await mkdir(home, { recursive: true })
    const { code, document } = await report([], { HOME: home, KUBECONFIG: '' })
    expect(code).toBe(1)
    expect(troubles(document)).toEqual(['clock skip', 'kubeconfig warn', 'cluster fail', ...WITHOUT_CLUSTER])
    expect(document.items.find(({ state }) => state === 'warn')?.message).toContain('no kubeconfig was found')
  })

  it('a context that does not exist', async () => {
    const { code, document } = await report(['--context', 'prod-eu'])
    expect({ code, context: document.context }).toEqual({ code: 1, context: '' })
    expect(troubles(document)).toEqual(['clock skip', 'kubeconfig fail', 'cluster skip', ...WITHOUT_CLUSTER])
  })

  it('a server that is away', async () => {
    const { code, document } = await report(['--server', `https://${await deadHost()}`])
    expect(code).toBe(1)
    expect(troubles(document)).toEqual(['clock skip', 'cluster fail', ...WITHOUT_CLUSTER])
    const [failed] = document.items.filter(({ state }) => state === 'fail')
    expect(failed).toMatchObject({
      message: expect.stringContaining('connection refused'),
      remedy: expect.stringMatching(/./),
    })
  })

  it('a server that never answers is given up after --timeout', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    try {
      const { code, document } = await report(['--server', `https://127.0.0.1:${port}`, '--timeout', '300ms'])
      expect(code).toBe(1)
      const [failed] = document.items.filter(({ state }) => state === 'fail')
      expect(failed).toMatchObject({ check: 'cluster', message: 'no answer within 0.3 s' })
    } finally {
      silent.close()
    }
  })

  it('a wrong token, which is not shown', async () => {
    const config = parse(await readFile(world.kubeconfig, 'utf8'))
    config.users[0].user = { token: 'wr0ng-t0ken' }
    await writeFile(join(world.home, 'wrong-token'), stringify(config))
    const { code, document, stderr } = await report(['--kubeconfig', join(world.home, 'wrong-token')])
    expect(code).toBe(1)
    expect(troubles(document)).toEqual(['clock skip', 'cluster fail', ...WITHOUT_CLUSTER])
    const [failed] = document.items.filter(({ state }) => state === 'fail')
    expect(failed?.message).toContain('does not accept your credential (401')
    expect(JSON.stringify(document) + stderr).not.toContain('wr0ng')
  })

  it('a registry that is away', async () => {
    const host = await deadHost()
    const rules = { 'image-list': `app=${host}/web` }
    await world.deploy({ name: 'lost', images: { app: `${host}/web:1` }, rules })
    await world.settle()
    const { code, document } = await report([
      '--plain-http-registry',
      host,
      '--plain-http-registry',
      world.registryHost,
    ])
    await world.remove('Application', world.namespace, 'lost')
    expect(code).toBe(1)
    const registries = document.items.filter(({ check }) => check === 'registry')
    expect(registries.map(({ state, subject }) => `${subject} ${state}`).sort()).toEqual(
      [`${host} fail`, `${world.registryHost} ok`].sort(),
    )
  })
})

describe('a user who may do nothing', () => {
  /** On the real API server one whom nobody granted anything; else the user of a server that refuses everything. */
  async function powerless(): Promise<{ args: string[]; close: () => Promise<void> }> {
    const real = testbed()
    if (real) {
      const args = ['--kubeconfig', real.kubernetes.kubeconfig, '--context', 'viewer']
      return { args: [...args, '-n', world.namespace], close: async () => {} }
    }
    const server = await startApiServer({ authorize: () => false })
    const { certificateAuthority, token, url } = server
    const kubeconfig = join(world.home, 'powerless')
    await writeFile(
      kubeconfig,
      kubeconfigOf({ certificateAuthority, server: url, token }, world.namespace, []),
    )
    return { args: ['--kubeconfig', kubeconfig], close: () => server.close() }
  }

  it('is told what is missing, and by which role it is granted', async () => {
    const { args, close } = await powerless()
    try {
      const { code, document } = await report(args)
      expect(code).toBe(1)
      const rights = document.items.filter(({ check }) => check === 'rights')
      expect(rights[0]).toMatchObject({
        state: 'fail',
        subject: 'applications.argoproj.io',
        message: `you may not get, list applications.argoproj.io in ${world.namespace}: no command can work`,
        remedy: expect.stringContaining('verbs: [get, list]'),
      })
      expect(rights.map(({ subject }) => subject)).toContain('leases.coordination.k8s.io')
      const rbac = await world.run(['doctor', ...args, '--rbac'])
      expect(rbac.code).toBe(1)
      const roles = parseAllDocuments(rbac.stdout).map((one) => one.toJS())
      expect(roles).toMatchObject([
        {
          kind: 'Role',
          metadata: { name: 'kubectl-image-updater', namespace: world.namespace },
          rules: expect.arrayContaining([
            {
              apiGroups: ['argoproj.io'],
              resources: ['applications'],
              verbs: ['get', 'list', 'watch', 'patch'],
            },
          ]),
        },
      ])
    } finally {
      await close()
    }
  })
})

/** A port of this machine at which nobody listens. */
async function deadHost(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return `127.0.0.1:${port}`
}
