import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, it, type TestContext, vi } from 'vitest'
import { type Finished, startProgram } from '../e2e/world/plugin.ts'
import { canRunPods, openPod } from '../e2e/world/pod.ts'
import { needs } from '../e2e/world/requirement.ts'
import { startWorld, type World } from '../e2e/world/world.ts'
import { freePort } from './testbed/free-port.ts'
import { type AdminApi, openAdminApi } from './testbed/kubernetes-api.ts'

vi.setConfig({ testTimeout: 300_000 })

const { kubernetes } = inject('testbed')
const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const NAME = 'kubectl-image-updater'
const LEASE = 'kubectl-image-updater-watch'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

interface DeploymentObject {
  readonly spec: {
    readonly replicas: number
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] }
    }
  }
}

/** A world with a private registry, an Application to patch and one whose workload has to be restarted. */
async function openShop(test: TestContext): Promise<{ world: World; api: AdminApi; port: number }> {
  const world = await startWorld({ authentication: true })
  const api = await openAdminApi(kubernetes)
  test.onTestFinished(async () => {
    await world.close()
    await api.close()
  })
  const { username, password } = world.credentials
  await world.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { name: 'pull', namespace: world.namespace },
    data: { login: Buffer.from(`${username}:${password}`).toString('base64') },
  })
  for (const [repository, tag] of [
    ['shop', '1.0.0'],
    ['shop', '1.1.0'],
    ['plain', 'production'],
  ] as const) {
    await world.push(repository, tag)
  }
  const secret = `secret:${world.namespace}/pull#login`
  const shop = world.repository('shop')
  const plain = world.repository('plain')
  await world.deploy({
    name: 'shop',
    images: { app: `${shop}:1.0.0` },
    rules: { 'image-list': `app=${shop}`, 'app.pull-secret': secret },
  })
  await world.deploy({
    name: 'plain',
    sourceType: 'Directory',
    images: { app: `${plain}:production` },
    rules: {
      'image-list': `app=${plain}`,
      'app.image-tag-filter': '^production$',
      'app.update-strategy': 'newest-build',
      'app.pull-secret': secret,
    },
  })
  await world.settle()
  return { api, port: await freePort(), world }
}

function deploy({ world, port }: { world: World; port: number }, ...args: string[]): Promise<Finished> {
  const flags = [
    '--interval',
    '10s',
    '--metrics-addr',
    `:${port}`,
    '--plain-http-registry',
    world.registryHost,
  ]
  return world.run(['deploy', ...flags, ...args])
}

async function read<T>(api: AdminApi, path: string): Promise<T> {
  const { body, status } = await api.send('GET', path)
  expect({ body, status }).toMatchObject({ status: 200 })
  return body as T
}

/** Where a role of a watch is: outside its own namespace it is named after that. */
function roleIn(namespace: string, own: string): string {
  return `${RBAC}/namespaces/${namespace}/roles/${namespace === own ? NAME : `${NAME}-${own}`}`
}

async function rulesOf(api: AdminApi, namespace: string, own: string): Promise<readonly Rule[]> {
  return (await read<{ rules: Rule[] }>(api, roleIn(namespace, own))).rules
}

/** What the Pods of the Deployment in the cluster would run, as its service account, once. */
async function runAsDeployed(test: TestContext, api: AdminApi, { namespace }: World): Promise<Finished> {
  const { spec } = await read<DeploymentObject>(
    api,
    `/apis/apps/v1/namespaces/${namespace}/deployments/${NAME}`,
  )
  const { body } = await api.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${NAME}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 600 },
  })
  const { token } = (body as { status: { token: string } }).status
  const folder = await mkdtemp(join(tmpdir(), 'image-updater-deployed-'))
  test.onTestFinished(() => rm(folder, { force: true, recursive: true }))
  const certificateAuthority = await readFile(kubernetes.caFile, 'utf8')
  const { port } = new URL(kubernetes.server)
  const pod = await openPod({
    account: { certificateAuthority, namespace, token },
    folder,
    server: { host: '127.0.0.1', port },
  })
  const [container] = spec.template.spec.containers
  const running = pod.start([...(container?.args ?? []), '--once', '--wait=1s', '-v=6'])
  test.onTestFinished(() => running.signal('SIGKILL'))
  return running.finished
}

/**
 * The requests that were refused: `GET …/pods`. That it may not look for a second writer among the Deployments of
 * Argo CD's namespaces is meant: `deploy` has done that.
 */
function refused({ stderr }: Finished): string[] {
  const requests = [...stderr.matchAll(/^(\w+ \S+) 403 in/gm)].map(([, request = '']) => request)
  return requests.filter((request) => !request.endsWith('/deployments?limit=500'))
}

describe('deploy --apply', () => {
  it('has the API server take everything, and take it again without a change', async (test) => {
    const { api, ...shop } = await openShop(test)
    const { world } = shop
    const objects = [
      `serviceaccount/${NAME}`,
      `role.rbac.authorization.k8s.io/${NAME}`,
      `rolebinding.rbac.authorization.k8s.io/${NAME}`,
      `networkpolicy.networking.k8s.io/${NAME}`,
      `service/${NAME}-metrics`,
      `poddisruptionbudget.policy/${NAME}`,
      `deployment.apps/${NAME}`,
    ]
    const dry = await deploy(shop, '--apply', '--dry-run=server')
    expect(dry).toMatchObject({ code: 0 })
    for (const title of objects) expect(dry.stdout).toContain(`${title} created (server dry run)\n`)
    const nothing = await api.send('GET', `/apis/apps/v1/namespaces/${world.namespace}/deployments/${NAME}`)
    expect(nothing).toMatchObject({ status: 404 })

    const asked = await deploy(shop, '--apply')
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('Add --yes') })

    const first = await deploy(shop, '--apply', '-y')
    expect(first, first.stderr).toMatchObject({ code: 0 })
    for (const title of objects) expect(first.stdout).toContain(`${title} created\n`)
    const outside = `${NAME}-${world.namespace} in ${world.workloads}`
    expect(first.stdout).toContain(`role.rbac.authorization.k8s.io/${outside} created\n`)

    const again = await deploy(shop, '--apply', '-y')
    expect(again.stdout.replaceAll(/^\S+( in \S+)? unchanged\n/gm, '')).toBe('')

    const changed = await deploy(shop, '--apply', '-y', '--approve', 'patch')
    expect(changed.stdout).toContain(
      `  deployment.apps/${NAME}\n    spec.template.spec.containers[0].args[2]\n-     --approve=auto\n+     --approve=patch\n`,
    )
    expect(changed.stdout).toContain(`deployment.apps/${NAME} configured\n`)
  })

  it('is deleted by kubectl with its output, or by its label', async (test) => {
    needs('kubectl', test)
    const { api, ...shop } = await openShop(test)
    const { world } = shop
    const kubectl = (words: string, input = '') =>
      startProgram('kubectl', words.split(' '), { env: world.env, input }).finished
    const left = async () => {
      const kinds = 'deployment,service,networkpolicy,pdb,configmap,role,rolebinding,serviceaccount'
      const one = `-l app.kubernetes.io/instance=${NAME} -o name`
      return (await kubectl(`get ${kinds} -n ${world.namespace} ${one}`)).stdout
    }
    const output = await deploy(shop)
    const applied = await kubectl('apply --server-side -f -', output.stdout)
    expect(applied, applied.stderr).toMatchObject({ code: 0 })
    expect(await left()).toContain(`deployment.apps/${NAME}\n`)
    expect(await kubectl('delete -f -', output.stdout)).toMatchObject({ code: 0, stderr: '' })
    expect(await left()).toBe('')
    const inWorkloads = await api.send('GET', roleIn(world.workloads, world.namespace))
    expect(inWorkloads).toMatchObject({ status: 404 })

    expect(await deploy(shop, '--apply', '-y')).toMatchObject({ code: 0 })
    const page = await readFile(new URL('../../docs/in-the-cluster.md', import.meta.url), 'utf8')
    const [, words = ''] = /^kubectl (delete .* -n argocd -l .*)$/m.exec(page) ?? []
    expect(await kubectl(words.replace('argocd', world.namespace))).toMatchObject({ code: 0 })
    expect(await left()).toBe('')
  })

  it('leaves what somebody else has set, unless told to take it over', async (test) => {
    const { api, ...shop } = await openShop(test)
    await deploy(shop, '--apply', '-y')
    const path = `/apis/apps/v1/namespaces/${shop.world.namespace}/deployments/${NAME}`
    const scaled = await api.send(
      'PATCH',
      `${path}?fieldManager=autoscaler&force=true`,
      { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 3 } },
      'application/apply-patch+yaml',
    )
    expect(scaled).toMatchObject({ status: 200 })
    const refusal = await deploy(shop, '--apply', '-y')
    expect(refusal).toMatchObject({ code: 1 })
    expect(refusal.stderr).toMatch(/conflict.*"autoscaler".*\.spec\.replicas.*--force-conflicts/)
    expect(await read<DeploymentObject>(api, path)).toMatchObject({ spec: { replicas: 3 } })
    expect(await deploy(shop, '--apply', '-y', '--force-conflicts')).toMatchObject({ code: 0 })
    expect(await read<DeploymentObject>(api, path)).toMatchObject({ spec: { replicas: 2 } })
  })

  it('says before anything is written that the cluster has no PodMonitors', async (test) => {
    const { api, ...shop } = await openShop(test)
    const { code, stderr } = await deploy(shop, '--apply', '-y', '--pod-monitor')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: the cluster does not know PodMonitor.*leave out --pod-monitor$/m)
    const accounts = `/api/v1/namespaces/${shop.world.namespace}/serviceaccounts/${NAME}`
    expect(await api.send('GET', accounts)).toMatchObject({ status: 404 })
  })

  it('makes the namespace first, tells of shards that are left over, and of Applications in none', async (test) => {
    const { api, ...shop } = await openShop(test)
    const { world } = shop
    const pods = `${world.id}-pods`
    const own = ['--pod-namespace', pods, '--create-namespace', '--apply', '-y']
    const both = await deploy(shop, ...own, '--shard', 'a=team=a', '--shard', 'b=team=b')
    expect(both, both.stderr).toMatchObject({ code: 0 })
    expect(both.stderr).toMatch(/^Warning: plain, shop would be watched by no shard$/m)
    expect(both.stdout).toContain(`deployment.apps/${NAME}-a created\n`)
    const rules = await rulesOf(api, world.namespace, pods)
    expect(rules.flatMap(({ resourceNames = [] }) => resourceNames)).toEqual(
      expect.arrayContaining([`${NAME}-a-watch`, `${NAME}-b-watch`]),
    )
    const one = await deploy(shop, ...own, '--shard', 'a=team=a')
    expect(one.stderr).toContain(`kubectl delete deployment,pdb ${NAME}-b -n ${pods}`)
  })
})

describe.skipIf(!canRunPods)('the roles of deploy', () => {
  it('are enough for what the watch does: nothing is refused', async (test) => {
    const { api, ...shop } = await openShop(test)
    const { world } = shop
    expect(await deploy(shop, '--apply', '-y')).toMatchObject({ code: 0 })
    await world.push('plain', 'production')
    const run = await runAsDeployed(test, api, world)
    expect(refused(run)).toEqual([])
    expect(run.stdout).toMatch(/shop\/app 1\.0\.0 → 1\.1\.0 applied/)
    expect(run.stdout).toMatch(/plain\/app .* applied/)
    expect(run.stderr).not.toContain('Warning')
  })

  it('are not more than it needs: without any verb of any rule, something is refused', async (test) => {
    const { api, ...shop } = await openShop(test)
    const { world } = shop
    expect(await deploy(shop, '--apply', '-y')).toMatchObject({ code: 0 })
    const places = await Promise.all(
      [world.namespace, world.workloads, 'argocd'].map(async (namespace) => ({
        namespace,
        rules: await rulesOf(api, namespace, world.namespace),
      })),
    )
    expect(refused(await runAsDeployed(test, api, world))).toEqual([])
    const idle: string[] = []
    let version = 1
    for (const { namespace, rules } of places) {
      const role = roleIn(namespace, world.namespace)
      for (const [index, rule] of rules.entries()) {
        for (const verb of rule.verbs) {
          const less = { ...rule, verbs: rule.verbs.filter((one) => one !== verb) }
          const others = rules.toSpliced(index, 1, ...(less.verbs.length > 0 ? [less] : []))
          await setRules(api, role, others)
          version += 1
          await world.push('shop', `1.${version}.0`)
          await world.push('plain', 'production')
          // One that could not be given back would have the next run look on.
          await api.send(
            'DELETE',
            `/apis/coordination.k8s.io/v1/namespaces/${world.namespace}/leases/${LEASE}`,
          )
          const run = await runAsDeployed(test, api, world)
          if (refused(run).length === 0) idle.push(`${verb} ${rule.resources[0]} in ${namespace}`)
          await world.settle()
        }
      }
      await setRules(api, role, rules)
    }
    expect(idle).toEqual([])
  })
})

async function setRules(api: AdminApi, role: string, rules: readonly Rule[]): Promise<void> {
  expect(await api.send('PATCH', role, { rules }, 'application/merge-patch+json')).toMatchObject({
    status: 200,
  })
}
