import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionFlags } from '../../../src/lib/cluster/connection-flags.ts'
import type { Machine } from '../../../src/lib/engine/doctor/checks.ts'
import { type Diagnosis, diagnose } from '../../../src/lib/engine/doctor/doctor.ts'
import type { ContextOptions } from '../../../src/lib/engine/open-context.ts'
import type { Authorize } from '../../../src/lib/sandbox/api/authorize.ts'
import { type Sandbox, startSandbox } from '../../../src/lib/sandbox/sandbox.ts'

const MACHINE: Machine = {
  own: '1.0.0',
  runtime: 'Node v26.0.0',
  nodeWanted: '>=24.15',
  kubectl: async () => 'v1.36.0',
  git: async () => 'git version 2.45.0',
  folderState: async () => ({ exists: true, open: false, writable: true }),
}
/** What the sandbox's user may do; a test changes it. */
let authorize: Authorize
let sandbox: Sandbox
let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'image-updater-doctor-'))
  authorize = () => true
  sandbox = await startSandbox({ authorize: (attributes) => authorize(attributes) })
})
afterEach(() => {
  authorize = () => true
})
afterAll(async () => {
  await sandbox?.close()
  await rm(home, { recursive: true, force: true })
})

async function look(
  connection: ConnectionFlags = {},
  more: Partial<ContextOptions> = {},
): Promise<Diagnosis> {
  return diagnose({
    context: {
      allowCrossNamespaceSecrets: false,
      allowedHosts: [],
      concurrency: 4,
      connection: { kubeconfig: sandbox.kubeconfigPath, ...connection },
      credentialTimeout: 1000,
      env: { HOME: home },
      git: {
        allowedHosts: [],
        credentials: 'argocd',
        messageFile: '',
        requests: { autoMerge: 'off', draft: false, labels: [], reviewers: [], tokens: new Map() },
        commit: {},
        perApplication: false,
      },
      home,
      plainHttpHosts: [],
      registriesConf: '',
      trustedRealms: [],
      version: '1.0.0',
      warn: () => {},
      ...more,
    },
    machine: MACHINE,
    onProgress: () => {},
    selection: {},
    timeout: 30_000,
  })
}

/** `check state` of each finding that is not ok, with its subject. */
function troubles({ findings }: Diagnosis): string[] {
  return findings
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state, subject }) => `${check} ${state} ${subject}`.trim())
}

describe('the sandbox', () => {
  it('is well, but for what it does not have', async () => {
    const found = await look()
    expect(troubles(found)).toEqual(['argo-cd skip version', 'argo-cd warn rules'])
    expect(found.context).toBe('sandbox')
    expect(found.requests.get(sandbox.registryHost)).toBe(1)
    const clock = found.findings.find(({ check }) => check === 'clock')
    expect(clock?.message).toContain(sandbox.registryHost)
  })

  it('with a right missing names it; the role for all of them is the same as ever', async () => {
    const well = await look()
    authorize = ({ verb, resource }) => verb !== 'patch' || resource !== 'applications'
    const found = await look()
    expect(troubles(found)).toContain('rights warn applications.argoproj.io')
    expect(found.roles).toEqual(well.roles)
    expect(found.roles[0]).toMatchObject({
      kind: 'Role',
      metadata: { namespace: 'argocd' },
      rules: expect.arrayContaining([
        {
          apiGroups: ['argoproj.io'],
          resources: ['applications'],
          verbs: ['get', 'list', 'watch', 'patch'],
        },
      ]),
    })
  })

  it('wants rights where Argo CD is, too, and to follow rollouts as they happen', async () => {
    authorize = ({ resource, namespace }) => resource !== 'appprojects' || namespace !== 'argocd'
    const { findings, roles } = await look({ namespace: 'apps' })
    const rulesIn = (namespace: string) =>
      roles
        .filter(({ metadata }) => metadata.namespace === namespace)
        .flatMap(({ rules }) => rules.map(({ resources, verbs }) => `${resources}: ${verbs}`))
    expect(rulesIn('argocd')).toEqual(['appprojects: get', 'configmaps: get'])
    expect(rulesIn('apps')).toEqual(
      expect.arrayContaining(['applications: get,list,watch,patch', 'appprojects: get', 'configmaps: get']),
    )
    const lacking = findings.filter(({ check, state }) => check === 'rights' && state === 'warn')
    expect(lacking.map(({ message }) => message)).toEqual([
      'you may not get appprojects.argoproj.io in argocd: sync windows are not known',
    ])
    const workloads = (await look()).roles.flatMap(({ rules }) => rules)
    expect(workloads).toContainEqual({
      apiGroups: ['apps'],
      resources: ['deployments'],
      verbs: ['get', 'watch', 'patch'],
    })
  })

  it('without the right to list Applications looks at everything else', async () => {
    authorize = ({ resource }) => resource !== 'applications'
    const found = await look()
    expect(troubles(found)).toEqual([
      'argo-cd skip version',
      'argo-cd fail',
      'rights fail applications.argoproj.io',
      'rights warn applications.argoproj.io',
      'rights warn applications.argoproj.io',
      'registry skip',
      'writers skip',
    ])
  })

  it('that does not know our token is told from one that is away', async () => {
    const { findings } = await look({ token: 'wrong' })
    expect(findings.find(({ state }) => state === 'fail')).toMatchObject({
      check: 'cluster',
      message: expect.stringContaining('does not accept your credential (401'),
    })
  })

  it('with a registries.conf that cannot be used says so', async () => {
    const found = await look({}, { registriesConf: join(home, 'nowhere.conf') })
    expect(troubles(found)).toEqual(['argo-cd skip version', 'argo-cd skip', 'registry fail', 'writers skip'])
    const failure = found.findings.find(({ state }) => state === 'fail')
    expect(failure?.message).toContain('nowhere.conf')
  })
})

describe('no sandbox', () => {
  it('no such context: the machine is looked at all the same', async () => {
    const found = await look({ context: 'nope' })
    expect(found.context).toBe('')
    expect(troubles(found)).toEqual([
      'clock skip',
      'kubeconfig fail',
      'cluster skip',
      'argo-cd skip',
      'rights skip',
      'registry skip',
      'writers skip',
    ])
    expect(found.findings.filter(({ state }) => state === 'ok').map(({ check }) => check)).toEqual([
      'versions',
      'versions',
      'git',
      'cache',
    ])
  })
})
