import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import type { Workload, WorkloadKind } from '../../src/lib/application/workload.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { planRestart, type RestartPlan } from '../../src/lib/writeback/restart.ts'
import { restartState } from '../../src/lib/writeback/rolled-digests.ts'
import type { ObjectWrite } from '../../src/lib/writeback/write.ts'
import { applyJsonPatch } from '../application/apply-json-patch.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const OLD = `sha256:${'b'.repeat(64)}`
const MOVED = parseImageReference(`ghcr.io/org/web:production@${DIGEST}`)
const NOW = new Date('2026-03-04T05:06:07.890Z')
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'
const ROLLED = 'kubectl-image-updater/rolled-digests'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

interface Parts {
  readonly container?: object
  readonly containers?: readonly object[]
  readonly metadata?: object
  readonly template?: object
  readonly spec?: object
}

function workload(kind: WorkloadKind, parts: Parts = {}): Workload {
  const app = { name: 'app', image: 'ghcr.io/org/web:production', ...parts.container }
  const object = {
    metadata: { name: 'web', namespace: 'shop', resourceVersion: '3', ...parts.metadata },
    spec: { template: { spec: { containers: parts.containers ?? [app] }, ...parts.template }, ...parts.spec },
  }
  return { kind, object }
}

function restart(of: Workload): ObjectWrite {
  const plan = planRestart(of, MOVED, NOW)
  if (plan.outcome !== 'restart') throw new Error(`expected a restart, got ${JSON.stringify(plan)}`)
  return plan.write
}

/** The Pod template as it is after the restart. */
function templateAfter(of: Workload) {
  const patched: KubernetesObject = applyJsonPatch(of.object, restart(of).operations)
  return (patched as unknown as { spec: { template: { metadata: object; spec: { containers: object[] } } } })
    .spec.template
}

const DEFAULTS = { imagePullPolicy: 'IfNotPresent' }
const owned = (manager: string, operation: string, fields: object) => ({
  manager,
  operation,
  fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': fields } } } } },
})
const FILLED_IN = {
  'f:imagePullPolicy': {},
  'f:terminationMessagePath': {},
  'f:terminationMessagePolicy': {},
}
const applied = (container: object) => ({
  annotations: {
    [LAST_APPLIED]: JSON.stringify({
      spec: { template: { spec: { containers: [{ name: 'app', ...container }] } } },
    }),
  },
})

describe('planRestart', () => {
  it('restarts as kubectl does, notes the digest, and has the nodes pull again', () => {
    const write = restart(workload('Deployment', { container: DEFAULTS }))
    expect(write).toMatchObject({
      kind: 'deployment.apps',
      path: { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'shop', name: 'web' },
      summary: 'restart deployment/web',
    })
    expect(write.operations).toEqual([
      { op: 'test', path: '/metadata/resourceVersion', value: '3' },
      { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'app' },
      { op: 'test', path: '/spec/template/spec/containers/0/image', value: 'ghcr.io/org/web:production' },
      {
        op: 'add',
        path: '/spec/template/metadata',
        value: {
          annotations: { [RESTARTED_AT]: '2026-03-04T05:06:07Z', [ROLLED]: `{"app":"production@${DIGEST}"}` },
        },
      },
      { op: 'test', path: '/spec/template/spec/containers/0/imagePullPolicy', value: 'IfNotPresent' },
      { op: 'replace', path: '/spec/template/spec/containers/0/imagePullPolicy', value: 'Always' },
    ])
    expect(write.fields).toEqual([
      {
        field: `spec.template.metadata.annotations[${RESTARTED_AT}]`,
        before: '',
        after: '2026-03-04T05:06:07Z',
      },
      {
        field: `spec.template.metadata.annotations[${ROLLED}]`,
        before: '',
        after: `{"app":"production@${DIGEST}"}`,
      },
      { field: 'spec.template.spec.containers[0].imagePullPolicy', before: 'IfNotPresent', after: 'Always' },
    ])
  })

  it.each([
    ['Deployment', 'deployment.apps', 'deployments'],
    ['StatefulSet', 'statefulset.apps', 'statefulsets'],
    ['DaemonSet', 'daemonset.apps', 'daemonsets'],
    ['Rollout', 'rollout.argoproj.io', 'rollouts'],
  ] as const)('restarts a %s', (kind, name, resource) => {
    expect(restart(workload(kind, { container: DEFAULTS }))).toMatchObject({ kind: name, path: { resource } })
  })

  it.each([
    ['no metadata', undefined, {}],
    ['metadata without annotations', { labels: { a: 'b' } }, { labels: { a: 'b' } }],
    ['other annotations', { annotations: { note: 'x' } }, {}],
    [
      'earlier restarts',
      { annotations: { [RESTARTED_AT]: '2020-01-01T00:00:00Z', [ROLLED]: '{"app":"old"}' } },
      {},
    ],
  ])('annotates a template with %s', (_name, metadata, kept) => {
    const before = {
      ...(metadata && { metadata }),
      spec: { containers: [{ name: 'app', image: 'ghcr.io/org/web:production' }] },
    }
    const after = templateAfter(workload('Rollout', { template: before }))
    expect(after.metadata).toEqual({
      ...kept,
      annotations: {
        ...(metadata as { annotations?: object } | undefined)?.annotations,
        [RESTARTED_AT]: '2026-03-04T05:06:07Z',
        [ROLLED]: `{"app":"production@${DIGEST}"}`,
      },
    })
  })

  it('restarts once for several containers, and keeps what is noted of others', () => {
    const image = 'ghcr.io/org/web:production'
    const template = {
      metadata: { annotations: { [ROLLED]: '{"proxy":"1@sha256:00"}' } },
      spec: {
        containers: [
          { name: 'a', image },
          { name: 'proxy', image: 'envoy:1' },
        ],
        initContainers: [{ name: 'i', image }],
      },
    }
    const after = templateAfter(workload('Rollout', { template }))
    expect(after.metadata).toMatchObject({
      annotations: {
        [ROLLED]: JSON.stringify({
          proxy: '1@sha256:00',
          a: `production@${DIGEST}`,
          i: `production@${DIGEST}`,
        }),
      },
    })
    expect(after.spec).toEqual({
      containers: [
        { name: 'a', image, imagePullPolicy: 'Always' },
        { name: 'proxy', image: 'envoy:1' },
      ],
      initContainers: [{ name: 'i', image, imagePullPolicy: 'Always' }],
    })
  })

  it.each([
    ['another repository', 'ghcr.io/org/api:production'],
    ['another tag', 'ghcr.io/org/web:staging'],
    ['no tag at all', 'ghcr.io/org/web'],
    ['no reference', '$(IMAGE)'],
  ])('leaves a workload alone that runs %s', (_name, image) => {
    expect(planRestart(workload('Deployment', { container: { image } }), MOVED, NOW)).toEqual({
      outcome: 'unaffected',
    })
  })

  it('leaves a Rollout alone whose template is in a Deployment', () => {
    const spec = { template: undefined, workloadRef: { kind: 'Deployment', name: 'web' } }
    expect(planRestart(workload('Rollout', { spec }), MOVED, NOW)).toEqual({ outcome: 'unaffected' })
  })

  it('does not restart twice for one digest', () => {
    const first = workload('Deployment', { container: DEFAULTS })
    const object = applyJsonPatch(first.object, restart(first).operations)
    expect(planRestart({ ...first, object }, MOVED, new Date())).toEqual({
      outcome: 'already restarted',
      restartedAt: '2026-03-04T05:06:07Z',
    })
    const movedAgain = parseImageReference(`ghcr.io/org/web:production@${OLD}`)
    expect(planRestart({ ...first, object }, movedAgain, NOW).outcome).toBe('restart')
  })

  it('says where Pods are left for people to delete', () => {
    const spec = { updateStrategy: { type: 'OnDelete' } }
    expect(restart(workload('DaemonSet', { container: DEFAULTS, spec })).summary).toBe(
      'restart daemonset/web (its Pods are replaced when you delete them)',
    )
  })
})

describe('imagePullPolicy', () => {
  it.each([
    ['IfNotPresent that nobody set', { container: DEFAULTS }],
    ['absent, in a custom resource', {}],
    [
      'filled in, by the manifest last applied',
      {
        container: DEFAULTS,
        metadata: {
          ...applied({}),
          managedFields: [owned('kubectl-client-side-apply', 'Update', FILLED_IN)],
        },
      },
    ],
    [
      'filled in, where server-side apply did not send it',
      {
        container: DEFAULTS,
        metadata: { managedFields: [owned('argocd-controller', 'Apply', { 'f:image': {} })] },
      },
    ],
    [
      'ours from an earlier time',
      {
        container: DEFAULTS,
        metadata: { managedFields: [owned('kubectl-image-updater', 'Update', { 'f:imagePullPolicy': {} })] },
      },
    ],
    [
      'a last applied manifest that cannot be read',
      { container: DEFAULTS, metadata: { annotations: { [LAST_APPLIED]: '{' } } },
    ],
  ])('becomes Always where it is %s', (_name, parts: Parts) => {
    expect(templateAfter(workload('Deployment', parts)).spec.containers[0]).toMatchObject({
      imagePullPolicy: 'Always',
    })
  })

  it.each([
    ['it is Always already', { imagePullPolicy: 'Always' }, MOVED],
    [
      'Kubernetes takes Always for latest',
      { image: 'ghcr.io/org/web:latest' },
      parseImageReference(`ghcr.io/org/web:latest@${DIGEST}`),
    ],
    [
      'Kubernetes takes Always without a tag',
      { image: 'ghcr.io/org/web' },
      parseImageReference(`ghcr.io/org/web:latest@${DIGEST}`),
    ],
  ])('is left alone where %s', (_name, container, image) => {
    const plan = planRestart(workload('Rollout', { container }), image, NOW)
    const paths = plan.outcome === 'restart' ? plan.write.operations.map(({ path }) => path) : []
    expect(paths).toContain('/spec/template/metadata')
    expect(paths.filter((path) => path.endsWith('imagePullPolicy'))).toEqual([])
  })

  const policyProblem = (policy: string, author: string) =>
    `deployment/web: container "app" has imagePullPolicy ${policy} from ${author}, so a restart may run the old image again`

  it.each([
    [
      'the manifest',
      { container: DEFAULTS, metadata: applied({ imagePullPolicy: 'IfNotPresent' }) },
      policyProblem('IfNotPresent', 'its manifest'),
    ],
    [
      'server-side apply',
      {
        container: { imagePullPolicy: 'Never' },
        metadata: { managedFields: [owned('argocd-controller', 'Apply', { 'f:imagePullPolicy': {} })] },
      },
      policyProblem('Never', 'field manager "argocd-controller"'),
    ],
    [
      'a person with an editor',
      {
        container: { imagePullPolicy: 'Never' },
        metadata: {
          ...applied({}),
          managedFields: [owned('kubectl-edit', 'Update', { 'f:imagePullPolicy': {} })],
        },
      },
      policyProblem('Never', 'field manager "kubectl-edit"'),
    ],
    [
      'perhaps whoever created it',
      { container: DEFAULTS, metadata: { managedFields: [owned('kubectl-create', 'Update', FILLED_IN)] } },
      policyProblem('IfNotPresent', 'field manager "kubectl-create"'),
    ],
  ])('blocks the restart where it is from %s', (_name, parts: Parts, problem) => {
    expect(planRestart(workload('Deployment', parts), MOVED, NOW)).toEqual({
      outcome: 'blocked',
      problem,
      remedy: 'Set imagePullPolicy: Always for container "app" there',
    } satisfies RestartPlan)
  })
})

describe('other obstacles', () => {
  it.each([
    [
      'a digest in the manifest',
      { container: { image: `ghcr.io/org/web:production@${OLD}` } },
      `deployment/web: container "app" is fixed to ${OLD}, and a restart would run that again`,
    ],
    ['a paused Deployment', { container: DEFAULTS, spec: { paused: true } }, 'deployment/web is paused'],
  ])('%s', (_name, parts: Parts, problem) => {
    expect(planRestart(workload('Deployment', parts), MOVED, NOW)).toMatchObject({
      outcome: 'blocked',
      problem,
    })
  })

  it('names the field that has the wrong shape', () => {
    const broken = workload('Deployment', { spec: { template: { spec: { containers: 'app' } } } })
    expect(() => planRestart(broken, MOVED, NOW)).toThrow(
      'deployment/web: spec.template.spec.containers is not a list but string',
    )
  })
})

describe('restartState', () => {
  it.each([
    ['nothing noted', {}, { noted: '', current: false, restartedAt: '' }],
    [
      'another digest noted',
      { [ROLLED]: `{"app":"production@${OLD}"}`, [RESTARTED_AT]: 'then' },
      { noted: `production@${OLD}`, current: false, restartedAt: 'then' },
    ],
    ['this digest noted', { [ROLLED]: `{"app":"production@${DIGEST}"}` }, { current: true }],
    ['a note that is no JSON', { [ROLLED]: '{{' }, { noted: '', current: false }],
    ['a note that is a list', { [ROLLED]: '["app"]' }, { noted: '', current: false }],
    ['a note with a number', { [ROLLED]: '{"app":1}' }, { noted: '', current: false }],
  ])('%s', (_name, annotations, state) => {
    const { object } = workload('Deployment', { template: { metadata: { annotations } } })
    expect(restartState(object, 'app', `production@${DIGEST}`)).toMatchObject(state)
  })
})
