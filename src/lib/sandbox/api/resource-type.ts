/** What the API server knows of one kind of object: its names, its scope and how its writes behave. */
export interface ResourceType {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly shortNames: readonly string[]
  readonly namespaced: boolean
  /** Defined by a CustomResourceDefinition: no strategic merge, and lists carry kinds. */
  readonly custom: boolean
  /** Whether `…/status` exists; then a write to the main resource leaves `status` alone and the reverse. */
  readonly statusSubresource: boolean
  /** What a change must touch to raise `metadata.generation`. */
  readonly generation: 'spec' | 'all but metadata' | 'never'
  /** Beside metadata.name and metadata.namespace. */
  readonly selectableFields: readonly string[]
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return type.group ? `${type.group}/${type.version}` : type.version
}

type Description = Pick<ResourceType, 'plural' | 'kind'> & Partial<ResourceType>

function describe(group: string, version: string, description: Description): ResourceType {
  return {
    group,
    version,
    singular: description.kind.toLowerCase(),
    shortNames: [],
    namespaced: true,
    custom: false,
    statusSubresource: false,
    generation: 'never',
    selectableFields: [],
    ...description,
  }
}

const workload = { statusSubresource: true, generation: 'spec' } as const
// Argo CD's CRDs have no status subresource: status is part of the object, and any change outside
// metadata raises the generation.
const argo = { custom: true, generation: 'all but metadata' } as const

/** Everything the sandbox serves. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  describe('', 'v1', {
    plural: 'namespaces',
    kind: 'Namespace',
    shortNames: ['ns'],
    namespaced: false,
    statusSubresource: true,
    selectableFields: ['status.phase'],
  }),
  describe('', 'v1', {
    plural: 'pods',
    kind: 'Pod',
    shortNames: ['po'],
    statusSubresource: true,
    selectableFields: ['spec.nodeName', 'spec.restartPolicy', 'status.phase', 'status.podIP'],
  }),
  describe('', 'v1', {
    plural: 'events',
    kind: 'Event',
    shortNames: ['ev'],
    selectableFields: [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'type',
    ],
  }),
  describe('', 'v1', { plural: 'secrets', kind: 'Secret', selectableFields: ['type'] }),
  describe('', 'v1', { plural: 'configmaps', kind: 'ConfigMap', shortNames: ['cm'] }),
  describe('apps', 'v1', {
    plural: 'deployments',
    kind: 'Deployment',
    shortNames: ['deploy'],
    ...workload,
  }),
  describe('apps', 'v1', {
    plural: 'statefulsets',
    kind: 'StatefulSet',
    shortNames: ['sts'],
    ...workload,
  }),
  describe('apps', 'v1', { plural: 'daemonsets', kind: 'DaemonSet', shortNames: ['ds'], ...workload }),
  describe('apps', 'v1', { plural: 'replicasets', kind: 'ReplicaSet', shortNames: ['rs'], ...workload }),
  describe('argoproj.io', 'v1alpha1', {
    plural: 'applications',
    kind: 'Application',
    shortNames: ['app', 'apps'],
    ...argo,
  }),
  describe('argoproj.io', 'v1alpha1', {
    plural: 'appprojects',
    kind: 'AppProject',
    shortNames: ['appproj', 'appprojs'],
    ...argo,
  }),
  describe('argoproj.io', 'v1alpha1', {
    plural: 'rollouts',
    kind: 'Rollout',
    shortNames: ['ro'],
    custom: true,
    ...workload,
  }),
  describe('argocd-image-updater.argoproj.io', 'v1alpha1', {
    plural: 'imageupdaters',
    kind: 'ImageUpdater',
    custom: true,
    ...workload,
  }),
  describe('coordination.k8s.io', 'v1', { plural: 'leases', kind: 'Lease' }),
]

/** The type that serves `group`/`version`/`plural`, if the sandbox has it. */
export function findResourceType(group: string, version: string, plural: string): ResourceType | undefined {
  return RESOURCE_TYPES.find(
    (type) => type.group === group && type.version === version && type.plural === plural,
  )
}

/** The type called by its plural alone. @throws Error when there is none: a mistake in this code. */
export function resourceType(plural: string): ResourceType {
  const type = RESOURCE_TYPES.find((candidate) => candidate.plural === plural)
  if (!type) throw new Error(`the sandbox serves no ${plural}`)
  return type
}
