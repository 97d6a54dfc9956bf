import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { runProgram } from '../program.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-'))
})
afterAll(() => rmSync(folder, { force: true, recursive: true }))

const deploy = (...args: string[]) => runProgram(['deploy', '--offline', '-n', 'argocd', ...args])

// biome-ignore lint/suspicious/noExplicitAny: manifests are read as a person reads them
async function objects(...args: string[]): Promise<any[]> {
  const { code, stderr, stdout } = await deploy(...args)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return parseAllDocuments(stdout).map((document) => document.toJS())
}

const kinds = (all: readonly { kind: string }[]) => all.map(({ kind }) => kind)
// biome-ignore lint/suspicious/noExplicitAny: as above
const podOf = (all: readonly any[]) => all.find(({ kind }) => kind === 'Deployment').spec.template
// biome-ignore lint/suspicious/noExplicitAny: as above
const rulesOf = (all: readonly any[]) =>
  all
    .filter(({ kind }) => /Role$/.test(kind))
    .flatMap(({ rules }) => rules)
    .map(({ resourceNames = [], resources, verbs }) =>
      `${resources} ${resourceNames}: ${verbs}`.replace(' :', ':'),
    )

describe('what is printed', () => {
  it('is, word for word, what was reviewed', async () => {
    const { stdout } = await deploy(
      '--approve',
      'minor',
      '--pod-monitor',
      '--env-from-secret',
      'image-updater',
    )
    const reviewed = readFileSync(new URL('deploy.reviewed.yaml', import.meta.url), 'utf8')
    expect(stdout.replaceAll(/(version: |updater:v)\d+\.\d+\.\d+\S*/g, '$1VERSION')).toBe(reviewed)
  })

  it('is everything that two Pods need, in an order in which it can be applied', async () => {
    expect(kinds(await objects())).toEqual([
      'ServiceAccount',
      'Role',
      'RoleBinding',
      'NetworkPolicy',
      'Service',
      'PodDisruptionBudget',
      'Deployment',
    ])
  })

  it('fulfils the profile restricted of the Pod Security Standards, and needs no writable root', async () => {
    const { spec } = podOf(await objects('--mount-secret', 'keys'))
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    for (const one of spec.containers) {
      expect(one.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      })
      expect(one.ports.some((port: object) => 'hostPort' in port)).toBe(false)
    }
    expect(Object.keys(spec).filter((field) => field.startsWith('host'))).toEqual([])
    const allowed = ['configMap', 'emptyDir', 'secret']
    const types = spec.volumes.flatMap((volume: object) =>
      Object.keys(volume).filter((key) => key !== 'name'),
    )
    expect(types.filter((type: string) => !allowed.includes(type))).toEqual([])
    expect(spec.containers[0].volumeMounts).toContainEqual({
      mountPath: '/secrets/keys',
      name: 'secret-1',
      readOnly: true,
    })
  })

  it('runs watch with the same flags', async () => {
    const { spec } = podOf(
      await objects('--approve', 'minor', '--interval', '5m', '--wait', '-l', 'team=web'),
    )
    expect(spec.containers[0].args).toEqual([
      'watch',
      '--interval=5m',
      '--approve=minor',
      '--lease=kubectl-image-updater-watch',
      '--metrics-addr=:8080',
      '--wait=5m',
      '--selector=team=web',
      '--namespace=argocd',
    ])
  })

  it('grants what the flags need: with --read-only nothing is written', async () => {
    expect(rulesOf(await objects())).toEqual([
      'applications: get,list,watch,patch',
      'appprojects: get',
      'events: create',
      'imageupdaters: list',
      'configmaps argocd-image-updater-config: get',
      'leases: create',
      'leases kubectl-image-updater-watch: get,update',
    ])
    const reading = await objects('--read-only')
    expect(rulesOf(reading)).toEqual([
      'applications: get,list,watch',
      'appprojects: get',
      'imageupdaters: list',
      'configmaps argocd-image-updater-config: get',
    ])
    // Nobody takes turns at reading.
    expect(reading.find(({ kind }) => kind === 'Deployment').spec.replicas).toBe(1)
    expect(kinds(reading)).not.toContain('PodDisruptionBudget')
  })

  it('with commits: the image with git, the logins of Argo CD, and port 22', async () => {
    const all = await objects('--git')
    expect(podOf(all).spec.containers[0].image).toMatch(/:v\d+\.\d+\.\d+-git$/)
    expect(rulesOf(all)).toContain('secrets: list')
    const ports = (policy: { spec: { egress: { ports: { port: number }[] }[] } }) =>
      policy.spec.egress.flatMap(({ ports: list }) => list.map(({ port }) => port))
    expect(ports(all.find(({ kind }) => kind === 'NetworkPolicy'))).toEqual([53, 53, 22, 443, 6443])
    const proxied = await objects(
      '--env',
      'HTTPS_PROXY=http://proxy.corp:3128',
      '--allow-registry',
      'r.corp:5000',
    )
    expect(ports(proxied.find(({ kind }) => kind === 'NetworkPolicy'))).toEqual([
      53, 53, 443, 3128, 5000, 6443,
    ])
  })

  it('for all namespaces: a ClusterRole, and a Lease beside the Pods', async () => {
    const all = await objects('-A')
    expect(kinds(all).slice(1, 5)).toEqual(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'])
    // Another watch of its own namespace may have a ClusterRole too.
    expect(all[1].metadata).toMatchObject({ name: 'kubectl-image-updater-argocd' })
    expect(all[2].roleRef).toMatchObject({ kind: 'ClusterRole', name: 'kubectl-image-updater-argocd' })
    expect(all[3].metadata).toMatchObject({ name: 'kubectl-image-updater', namespace: 'argocd' })
    expect(podOf(all).spec.containers[0].args).toContain('--all-namespaces')
  })

  it('has files of the operator in a ConfigMap, and Pods that are replaced when one changes', async () => {
    const file = join(folder, 'registries.conf')
    const text = (name: string) =>
      `registries:\n- name: ${name}\n  api_url: https://r.corp:5443\n  prefix: r.corp\n`
    writeFileSync(file, text('one'), { mode: 0o600 })
    const before = await objects('--registries-conf', file)
    expect(before.find(({ kind }) => kind === 'ConfigMap').data).toEqual({ 'registries.conf': text('one') })
    expect(podOf(before).spec.containers[0].args).toContain(
      '--registries-conf=/etc/kubectl-image-updater/registries.conf',
    )
    writeFileSync(file, text('two'), { mode: 0o600 })
    const after = await objects('--registries-conf', file)
    const checksum = (all: object[]) => podOf(all).metadata.annotations['checksum/config']
    expect(checksum(after)).not.toBe(checksum(before))
  })

  it('is the same every time, and a List with -o json', async () => {
    const [one, two] = [await deploy(), await deploy()]
    expect(one.stdout).toBe(two.stdout)
    const list = JSON.parse((await deploy('-o', 'json')).stdout)
    expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List' })
    expect(list.items).toEqual(parseAllDocuments(one.stdout).map((document) => document.toJS()))
  })

  it('divides the work into a Deployment and a Lease a shard, with one account for all', async () => {
    const all = await objects('--shard', 'web=team=web', '--shard', 'rest=team notin (web)', '-l', 'env=prod')
    const args = all
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => spec.template.spec.containers[0].args)
    expect(args.map((words) => words.filter((word: string) => /lease|selector/.test(word)))).toEqual([
      ['--lease=kubectl-image-updater-web-watch', '--selector=team=web,env=prod'],
      ['--lease=kubectl-image-updater-rest-watch', '--selector=team notin (web),env=prod'],
    ])
    const selectors = all
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => spec.selector.matchLabels)
    expect(selectors[0]).not.toEqual(selectors[1])
    expect(kinds(all).filter((kind) => kind === 'ServiceAccount' || kind === 'Role')).toHaveLength(2)
    expect(rulesOf(all)).toContain('leases kubectl-image-updater-rest-watch: get,update')
  })

  it('gives the service account what a cloud wants to see there', async () => {
    const [account] = await objects(
      ...['--irsa-role-arn', 'arn:aws:iam::123456789012:role/images'],
      ...['--service-account-annotation', 'iam.gke.io/gcp-service-account=a@b.iam.gserviceaccount.com'],
    )
    expect(account.metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/images',
      'iam.gke.io/gcp-service-account': 'a@b.iam.gserviceaccount.com',
    })
  })
})

describe('what is refused', () => {
  it.each([
    [['--once'], /^error: --once: a Deployment runs for ever\. .*CronJob/],
    [['--bell'], /^error: --bell: there is no terminal/],
    [['--git-credentials', 'local'], /^error: --git-credentials local .*a Pod has not/],
    [
      ['--notify', 'slack:https://hooks.slack.com/T0/s3cret'],
      /^error: --notify slack: its URL would stand in/,
    ],
    [
      ['--notify', 'slack:url-env=HOOK'],
      /^error: --notify slack: the Pods have no environment variable HOOK/,
    ],
    [['--notify', 'command:/bin/mail'], /^error: --notify command: the image has no programs/],
    [['--pull-request-token-env', 'github.com=TOKEN'], /^error: --pull-request-token-env: .* TOKEN/],
    [['--commit-signing', 'openpgp'], /^error: --commit-signing openpgp needs a keyring/],
    [['--commit-signing-key', '/home/ann/key'], /^error: --commit-signing-key: the Pods have no file/],
    [['--metrics-addr', '127.0.0.1:8080'], /^error: --metrics-addr 127\.0\.0\.1:8080 is of no use in a Pod/],
    [['--interval', '1s'], /^error: --interval 1s is too short/],
    [['--shard', 'Web=team=web'], /^error: --shard "Web=team=web" is not NAME=SELECTOR/],
    [['--shard', 'a=x=1', '--shard', 'a=x=2'], /^error: --shard a is given twice/],
    [['--shard', 'a=x=1', 'shop'], /^error: --shard divides all Applications/],
    [['--name', 'Nope'], /^error: --name "Nope" is not the name/],
    [['--read-only', '--replicas', '2'], /^error: --replicas with --read-only/],
  ])('%j', async (args, message) => {
    const { code, stderr, stdout } = await deploy(...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('s3cret')
  })

  it('nothing of a token that is in the environment gets into the objects', async () => {
    const { code, stdout } = await runProgram(
      [
        'deploy',
        '--offline',
        '-n',
        'argocd',
        '--pull-request-token-env',
        'github.com=TOKEN',
        '--env-from-secret',
        'tokens',
      ],
      { TOKEN: 's3cret' },
    )
    expect(code).toBe(0)
    expect(stdout).toContain('name: tokens')
    expect(stdout).not.toContain('s3cret')
  })
})
