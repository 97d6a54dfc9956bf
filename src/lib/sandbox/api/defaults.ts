import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../json.ts'
import type { ResourceType } from './resource-type.ts'

/**
 * What a kube-apiserver fills in when it decodes an object of a built-in kind, before anything is stored
 * or owned. Custom resources (Rollouts among them) get nothing. Source: k8s.io/kubernetes/pkg/apis.
 */
export function withDefaults(type: ResourceType, object: JsonObject): JsonObject {
  if (type.custom) return object
  const spec = objectAt(object, 'spec')
  switch (type.kind) {
    case 'Deployment':
      return { ...object, spec: withTemplate({ ...DEPLOYMENT, ...spec, strategy: strategy(spec) }) }
    case 'StatefulSet':
      return { ...object, spec: withTemplate({ ...STATEFUL_SET, ...spec }) }
    case 'DaemonSet':
      return { ...object, spec: withTemplate({ ...DAEMON_SET, ...spec }) }
    case 'ReplicaSet':
      return { ...object, spec: withTemplate({ replicas: 1, ...spec }) }
    case 'Pod':
      return { ...object, spec: podSpec({ enableServiceLinks: true, ...spec }) }
    case 'Secret':
      return { type: 'Opaque', ...object, ...encodedStringData(object) }
    case 'Namespace':
      return {
        ...object,
        spec: { finalizers: ['kubernetes'], ...spec },
        status: { phase: 'Active', ...objectAt(object, 'status') },
      }
    default:
      return object
  }
}

const DEPLOYMENT: JsonObject = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }
const STATEFUL_SET: JsonObject = {
  replicas: 1,
  podManagementPolicy: 'OrderedReady',
  revisionHistoryLimit: 10,
  serviceName: '',
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
}
const DAEMON_SET: JsonObject = {
  revisionHistoryLimit: 10,
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
}

function strategy(spec: JsonObject): JsonObject {
  const given: JsonObject = { type: 'RollingUpdate', ...objectAt(spec, 'strategy') }
  if (given['type'] !== 'RollingUpdate') return given
  return {
    ...given,
    rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...objectAt(given, 'rollingUpdate') },
  }
}

function withTemplate(spec: JsonObject): JsonObject {
  if (!isObject(spec['template'])) return spec
  const template = spec['template']
  return {
    ...spec,
    template: {
      ...template,
      metadata: { creationTimestamp: null, ...objectAt(template, 'metadata') },
      spec: podSpec(objectAt(template, 'spec')),
    },
  }
}

function podSpec(spec: JsonObject): JsonObject {
  const defaulted: JsonObject = {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
  }
  for (const field of ['initContainers', 'containers']) {
    if (Array.isArray(defaulted[field])) defaulted[field] = listAt(defaulted, field).map(container)
  }
  return defaulted
}

function container(value: Json): Json {
  if (!isObject(value)) return value
  const defaulted: JsonObject = {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(textAt(value, 'image')),
    resources: {},
    ...value,
  }
  if (Array.isArray(value['ports'])) {
    defaulted['ports'] = value['ports'].map((port) => (isObject(port) ? { protocol: 'TCP', ...port } : port))
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (isObject(value[probe])) defaulted[probe] = withProbeDefaults(value[probe])
  }
  return defaulted
}

function withProbeDefaults(probe: JsonObject): JsonObject {
  const given = isObject(probe['httpGet'])
    ? { httpGet: { path: '/', scheme: 'HTTP', ...probe['httpGet'] } }
    : {}
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...probe,
    ...given,
  }
}

/**
 * The pull policy of an image whose container states none: `Always` for `:latest` or no tag at all, else
 * `IfNotPresent` – which is why restarting a workload does not fetch a tag that moved.
 */
function pullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const [name = '', digest] = image.split('@')
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? (digest === undefined ? 'latest' : '')
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function encodedStringData(object: JsonObject): JsonObject {
  const plain = Object.entries(objectAt(object, 'stringData'))
  if (plain.length === 0) return {}
  delete object['stringData']
  const encoded = plain.map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')])
  return { data: { ...objectAt(object, 'data'), ...Object.fromEntries(encoded) } }
}
