import type { Json, JsonObject } from '../json.ts'
import { apiVersionOf, RESOURCE_TYPES, type ResourceType } from './resource-type.ts'

/** As a recent kube-apiserver would say; `gitVersion` names what it is. */
export const VERSION: JsonObject = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0-sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: 'loopback',
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const STATUS_VERBS = ['get', 'patch', 'update']

/** Things one can only ask, not store. */
const REVIEWS = [
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
  },
  { group: 'authentication.k8s.io', version: 'v1', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
] as const

function groupVersions(): { group: string; version: string }[] {
  const seen = new Map<string, { group: string; version: string }>()
  for (const { group, version } of [...RESOURCE_TYPES, ...REVIEWS])
    seen.set(`${group}/${version}`, { group, version })
  return [...seen.values()]
}

/** `/api` */
export function coreVersions(): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
}

/** `/apis` */
export function groupList(): JsonObject {
  const groups = groupVersions()
    .filter(({ group }) => group !== '')
    .map(({ group, version }) => {
      const preferred = { groupVersion: `${group}/${version}`, version }
      return { name: group, versions: [preferred], preferredVersion: preferred }
    })
  return { kind: 'APIGroupList', apiVersion: 'v1', groups }
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined for a group or version that is not served. */
export function resourceList(group: string, version: string): JsonObject | undefined {
  if (!groupVersions().some((known) => known.group === group && known.version === version)) return undefined
  const types = RESOURCE_TYPES.filter((type) => type.group === group && type.version === version)
  const reviews = REVIEWS.filter((review) => review.group === group && review.version === version)
  const resources: Json[] = types.flatMap((type): Json[] => {
    const main = {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: VERBS,
      ...(type.shortNames.length > 0 ? { shortNames: [...type.shortNames] } : {}),
      ...(type.group === 'apps' || type.plural === 'pods' ? { categories: ['all'] } : {}),
    }
    return type.statusSubresource ? [main, statusResource(type)] : [main]
  })
  for (const { plural, kind } of reviews) {
    resources.push({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced: false,
      kind,
      verbs: ['create'],
    })
  }
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group ? `${group}/${version}` : version,
    resources,
  }
}

function statusResource(type: ResourceType): JsonObject {
  return {
    name: `${type.plural}/status`,
    singularName: '',
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: STATUS_VERBS,
  }
}

/** `/openapi/v3`: where the document of each group version is. */
export function openApiIndex(): JsonObject {
  const paths: JsonObject = {}
  for (const { group, version } of groupVersions()) {
    const root = group ? `apis/${group}/${version}` : `api/${version}`
    paths[root] = { serverRelativeURL: `/openapi/v3/${root}` }
  }
  return { paths }
}

/**
 * `/openapi/v3/…`: the PATCH operations alone. They tell kubectl that this server validates fields
 * itself; without them it would want the whole schema to do so before `apply` and `create`.
 */
export function openApiDocument(group: string, version: string): JsonObject | undefined {
  const types = RESOURCE_TYPES.filter((type) => type.group === group && type.version === version)
  if (!resourceList(group, version)) return undefined
  const paths: JsonObject = {}
  for (const type of types) {
    const root = group ? `/apis/${apiVersionOf(type)}` : `/api/${version}`
    const scope = type.namespaced ? '/namespaces/{namespace}' : ''
    paths[`${root}${scope}/${type.plural}/{name}`] = {
      patch: {
        operationId: `patch${type.kind}`,
        parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
          name,
          in: 'query',
          schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
        })),
        responses: { '200': { description: 'OK' } },
        'x-kubernetes-action': 'patch',
        'x-kubernetes-group-version-kind': { group, version, kind: type.kind },
      },
    }
  }
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'sandbox' }, paths }
}
