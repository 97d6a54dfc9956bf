import { execFile, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/lib/sandbox/sandbox.ts'
import { REQUIRED } from '../e2e/world/requirement.ts'

const missing = spawnSync('kubectl', ['version', '--client']).status !== 0
const reason = 'kubectl is not on PATH: the sandbox was not tried with it'

it('kubectl is here to judge the sandbox, or not required', () => {
  if (missing) process.stderr.write(`${reason}\n`)
  expect(missing && REQUIRED, reason).toBe(false)
})

describe.runIf(!missing)('kubectl', () => {
  let sandbox: Sandbox
  let home: string
  beforeAll(async () => {
    // Its caches go under HOME.
    home = await mkdtemp(join(tmpdir(), 'sandbox-kubectl-'))
    sandbox = await startSandbox()
  })
  afterAll(async () => {
    await sandbox.close()
    await rm(home, { recursive: true, force: true })
  })

  interface Result {
    readonly code: number
    readonly stdout: string
    readonly stderr: string
  }
  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    HOME: home,
    KUBECONFIG: sandbox.kubeconfigPath,
  })
  const kubectl = (args: string, input = ''): Promise<Result> =>
    new Promise((resolve) => {
      const child = execFile('kubectl', args.split(' '), { env: environment() }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
      })
      child.stdin?.end(input)
    })
  const ok = async (args: string, input?: string): Promise<string> => {
    const { code, stdout, stderr } = await kubectl(args, input)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout.trim()
  }

  it('gets applications as a table', async () => {
    const lines = (await ok('get applications'))
      .split('\n')
      .map((line) => line.split(/\s{2,}/).map((cell) => cell.trim()))
    expect(lines[0]).toEqual(['NAME', 'SYNC STATUS', 'HEALTH STATUS'])
    expect(lines.slice(1)).toContainEqual(['gitops-praq-prod', 'Synced', 'Healthy'])
  })

  it.each([
    ['get app shop -o name', /^application\.argoproj\.io\/shop$/],
    ['get apps -A -o wide', /^NAMESPACE +NAME +SYNC STATUS +HEALTH STATUS +REVISION +PROJECT/],
    ['get app shop -o jsonpath={.status.sync.status}', /^Synced$/],
    ['get pods -n shop -o wide', /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE/],
    ['get deploy,rs,pods -A', /deployment\.apps\/gitops-praq +1\/1 +1 +1/],
    ['get namespaces', /argocd +Active/],
    ['describe application shop', /Kustomize:\s+Images:/],
    ['describe deployment -n shop web', /2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable/],
    ['describe pod -n shop -l app=api', /Image ID: +127\.0\.0\.1:\d+\/shop\/api@sha256:[0-9a-f]{64}/],
    [
      'api-resources --api-group=argoproj.io',
      /applications +app,apps +argoproj\.io\/v1alpha1 +true +Application/,
    ],
    ['version', /Server Version: v1\.32\.0-sandbox/],
    ['auth can-i patch applications', /^yes$/],
    ['auth whoami', /Username +sandbox/],
  ])('kubectl %s', async (args, expected) => {
    expect(await ok(args)).toMatch(expected)
  })

  it('says what a kube-apiserver says of what is not there', async () => {
    expect((await kubectl('get app nope')).stderr).toBe(
      'Error from server (NotFound): applications.argoproj.io "nope" not found\n',
    )
  })

  it('annotates and labels', async () => {
    expect(await ok('annotate app legacy note=one')).toBe('application.argoproj.io/legacy annotated')
    expect((await kubectl('annotate app legacy note=two')).code).toBe(1)
    expect(await ok('annotate app legacy note=two --overwrite --dry-run=server')).toContain(
      '(server dry run)',
    )
    expect(await ok('get app legacy -o jsonpath={.metadata.annotations.note}')).toBe('one')
    await ok('annotate app legacy note-')
    await ok('label app legacy tier=old')
    expect(await ok('get app -l tier=old -o name')).toBe('application.argoproj.io/legacy')
  })

  it('patches each way', async () => {
    const json =
      '[{"op":"test","path":"/spec/project","value":"default"},{"op":"add","path":"/metadata/labels","value":{"p":"json"}}]'
    await ok(`patch app gitops-praq-prod --type=json -p ${json}`)
    await ok('patch app gitops-praq-prod --type=merge -p {"metadata":{"annotations":{"p":"merge"}}}')
    expect(
      await ok('get app gitops-praq-prod -o jsonpath={.metadata.labels.p}{.metadata.annotations.p}'),
    ).toBe('jsonmerge')
    const env =
      '{"spec":{"template":{"spec":{"containers":[{"name":"app","env":[{"name":"A","value":"b"}]}]}}}}'
    await ok(`patch deploy -n praq gitops-praq --type=strategic -p ${env}`)
    const image = await ok(
      'get deploy -n praq gitops-praq -o jsonpath={.spec.template.spec.containers[0].image}',
    )
    expect(image).toBe(`${sandbox.registryHost}/gitops-praq:production`)
    const failed = json.replace('"default"', '"other"')
    const refused = await kubectl(`patch app gitops-praq-prod --type=json -p ${failed}`)
    expect(refused.stderr).toBe(
      'The request is invalid: the server rejected our request due to an error in our request\n',
    )
    expect((await kubectl('patch app gitops-praq-prod --type=strategic -p {}')).stderr).toContain(
      'is not supported',
    )
  })

  it('applies, client-side and server-side, and deletes', async () => {
    const manifest = (replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: applied, namespace: default}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: applied}}
  template:
    metadata: {labels: {app: applied}}
    spec: {containers: [{name: app, image: "${sandbox.registryHost}/shop/api:2.1.0"}]}
`
    expect(await ok('apply -f -', manifest(1))).toBe('deployment.apps/applied created')
    expect(await ok('apply -f -', manifest(1))).toBe('deployment.apps/applied unchanged')
    expect(await ok('apply -f -', manifest(2))).toBe('deployment.apps/applied configured')
    expect(await ok('rollout status deployment/applied -n default --timeout=20s')).toContain(
      'successfully rolled out',
    )
    expect(await ok('apply --server-side --force-conflicts -f -', manifest(1))).toContain(
      'serverside-applied',
    )
    expect(await ok('diff -f -', manifest(1))).toBe('')
    expect(await ok('delete deployment -n default applied')).toBe('deployment.apps "applied" deleted')
  })

  it.each([
    ['create namespace made', 'namespace/made created'],
    ['create secret generic made -n default --from-literal=a=b', 'secret/made created'],
    ['create configmap made -n default --from-literal=a=b', 'configmap/made created'],
    ['create deployment made -n default --image=x/y:1 --replicas=2', 'deployment.apps/made created'],
    ['run made -n default --image=x/y', 'pod/made created'],
  ])('kubectl %s', async (args, expected) => {
    expect(await ok(args)).toBe(expected)
  })

  it('keeps ImageUpdaters, their status apart', async () => {
    const updater = JSON.stringify({
      apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
      kind: 'ImageUpdater',
      metadata: { name: 'shops', namespace: 'argocd' },
      spec: { applicationRefs: [{ namePattern: 'shop-*', useAnnotations: true }] },
    })
    await ok('apply -f -', updater)
    await ok(
      'patch imageupdater shops --subresource=status --type=merge -p {"status":{"applicationsMatched":3,"conditions":[{"type":"Ready","status":"True"}]}}',
    )
    const [header, row] = (await ok('get imageupdaters')).split('\n')
    expect(header).toMatch(/^NAME +APPS +IMAGES +LAST CHECKED +READY/)
    expect(row).toMatch(/^shops +3 +0 +True/)
    expect(await ok('get imageupdater shops -o jsonpath={.metadata.generation}')).toBe('1')
    const broken = updater.replace('"shop-*"', '7')
    const { code, stderr } = await kubectl('apply -f -', broken)
    expect(code).toBe(1)
    expect(stderr).toContain('spec.applicationRefs[0].namePattern')
    await ok('delete imageupdater shops')
  })

  it('shows the Events of an Application', async () => {
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: 'shop-', namespace: 'argocd' },
      involvedObject: {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        namespace: 'argocd',
        name: 'shop',
        uid: await ok('get app shop -o jsonpath={.metadata.uid}'),
      },
      type: 'Normal',
      reason: 'ImagesUpdated',
      message: 'web 1.4.2 to 1.4.3',
      source: { component: 'updater' },
      firstTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      lastTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      count: 1,
    }
    expect(await ok('create -f -', JSON.stringify(event))).toMatch(/^event\/shop-\w+ created$/)
    expect(await ok('get events')).toMatch(
      /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\d+s +Normal +ImagesUpdated +application\/shop +web 1\.4\.2 to 1\.4\.3$/,
    )
    expect(await ok('get events -o wide')).toMatch(/SUBOBJECT +SOURCE .*FIRST SEEN +COUNT +NAME\n.* updater /)
    expect(await ok('events --for=application/shop --types=Normal')).toMatch(
      /ImagesUpdated +Application\/shop/,
    )
    expect(await ok('describe application shop')).toMatch(
      /Events:\n +Type +Reason .*\n.*\n +Normal +ImagesUpdated +\S+ +updater +web 1\.4\.2 to 1\.4\.3$/,
    )
  })

  it('shows Leases and AppProjects', async () => {
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'turn', namespace: 'argocd' },
      spec: { holderIdentity: 'me@here', leaseDurationSeconds: 60, renewTime: '2026-01-01T00:00:00.000000Z' },
    }
    expect(await ok('create -f -', JSON.stringify(lease))).toBe('lease.coordination.k8s.io/turn created')
    expect(await ok('get leases')).toMatch(/^NAME +HOLDER +AGE\nturn +me@here +\d+s$/)
    expect(await ok('get appprojects')).toMatch(/^NAME +AGE\ndefault +\d+s$/)
  })

  it('restarts a deployment and sees it through', async () => {
    expect(await ok('rollout restart deployment/worker -n legacy')).toBe('deployment.apps/worker restarted')
    expect(await ok('rollout status deployment/worker -n legacy --timeout=20s')).toContain(
      'successfully rolled out',
    )
    expect(await ok('rollout history deployment/worker -n legacy')).toMatch(/\n2 /)
  })

  it('watches', async () => {
    const child = spawn('kubectl', ['get', 'app', 'shop', '-w'], { env: environment() })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async (): Promise<string> => String((await lines.next()).value)
    expect(await next()).toMatch(/^NAME/)
    expect(await next()).toMatch(/^shop +Synced +Healthy/)
    const images = [`${sandbox.registryHost}/shop/web:1.5.0`, `${sandbox.registryHost}/shop/api:2.0.1`]
    await ok(
      `patch app shop --type=merge -p ${JSON.stringify({ spec: { source: { kustomize: { images } } } })}`,
    )
    expect(await next()).toMatch(/^shop /)
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    await closed
  })
})
