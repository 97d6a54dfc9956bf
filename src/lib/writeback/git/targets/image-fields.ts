/** A field of a manifest that names an image. */
export interface ImageField {
  /** JSON Pointer steps from the document. */
  readonly steps: readonly string[]
  /** For people: `Deployment web: spec.template.spec.containers[0].image`. */
  readonly place: string
  readonly text: string
}

interface KnownKind {
  readonly group: RegExp
  readonly kinds: readonly string[]
  /** Pod specs, or single fields; `*` is every item of a list. */
  readonly pods?: readonly string[]
  readonly images?: readonly string[]
}

const CORE = /^(?:v1|apps\/|batch\/|extensions\/)/
const ARGO = /^argoproj\.io\//
const KNATIVE = /^serving\.knative\.dev\//
const SPARK = /^sparkoperator\.k8s\.io\//

const POD_IMAGES = [
  'containers/*/image',
  'initContainers/*/image',
  'ephemeralContainers/*/image',
  'volumes/*/image/reference',
]
const ARGO_TEMPLATE_IMAGES = [
  'container/image',
  'script/image',
  'containerSet/containers/*/image',
  'initContainers/*/image',
  'sidecars/*/image',
]
const SPARK_IMAGES = ['image', 'driver', 'executor'].flatMap((part) =>
  part === 'image' ? [part] : [`${part}/image`, `${part}/sidecars/*/image`, `${part}/initContainers/*/image`],
)

/**
 * The kinds whose images are known: everything of Kubernetes that has Pods, and the custom resources that
 * are met most. Another custom resource is left alone, since a field called `image` may mean anything in it.
 */
const KNOWN: readonly KnownKind[] = [
  { group: CORE, kinds: ['Pod'], pods: ['spec'] },
  { group: CORE, kinds: ['PodTemplate'], pods: ['template/spec'] },
  {
    group: CORE,
    kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'],
    pods: ['spec/template/spec'],
  },
  { group: CORE, kinds: ['CronJob'], pods: ['spec/jobTemplate/spec/template/spec'] },
  { group: ARGO, kinds: ['Rollout'], pods: ['spec/template/spec'] },
  { group: KNATIVE, kinds: ['Service', 'Configuration'], pods: ['spec/template/spec'] },
  { group: KNATIVE, kinds: ['Revision'], pods: ['spec'] },
  {
    group: ARGO,
    kinds: ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate'],
    images: ARGO_TEMPLATE_IMAGES.map((path) => `spec/templates/*/${path}`),
  },
  {
    group: ARGO,
    kinds: ['CronWorkflow'],
    images: ARGO_TEMPLATE_IMAGES.map((path) => `spec/workflowSpec/templates/*/${path}`),
  },
  { group: SPARK, kinds: ['SparkApplication'], images: SPARK_IMAGES.map((path) => `spec/${path}`) },
  {
    group: SPARK,
    kinds: ['ScheduledSparkApplication'],
    images: SPARK_IMAGES.map((path) => `spec/template/${path}`),
  },
]

/** The fields of a document that name images, also of the items of a List. */
export function imageFields(value: unknown, steps: readonly string[] = []): readonly ImageField[] {
  if (!isRecord(value)) return []
  const kind = String(value['kind'] ?? '')
  const { items } = value
  if (kind.endsWith('List') && Array.isArray(items)) {
    // The items of a DeploymentList need not say what they are.
    const type =
      kind === 'List' ? {} : { apiVersion: value['apiVersion'], kind: kind.slice(0, -'List'.length) }
    return items.flatMap((item: unknown, index) =>
      imageFields(isRecord(item) ? { ...type, ...item } : item, [...steps, 'items', String(index)]),
    )
  }
  const known = KNOWN.find(
    ({ group, kinds }) => kinds.includes(kind) && group.test(String(value['apiVersion'] ?? '')),
  )
  if (known === undefined) return []
  const { pods = [], images = [] } = known
  const paths = [...images, ...pods.flatMap((pod) => POD_IMAGES.map((path) => `${pod}/${path}`))]
  const owner = `${kind} ${nameOf(value)}`
  return paths.flatMap((path) =>
    textsAt(value, path.split('/')).map(({ found, text }) => ({
      steps: [...steps, ...found],
      place: `${owner}: ${written(found)}`,
      text,
    })),
  )
}

function textsAt(
  value: unknown,
  path: readonly string[],
  found: readonly string[] = [],
): readonly { readonly found: readonly string[]; readonly text: string }[] {
  const [step, ...rest] = path
  if (step === undefined) return typeof value === 'string' ? [{ found, text: value }] : []
  if (step === '*') {
    return Array.isArray(value)
      ? value.flatMap((item: unknown, index) => textsAt(item, rest, [...found, String(index)]))
      : []
  }
  return isRecord(value) && Object.hasOwn(value, step) ? textsAt(value[step], rest, [...found, step]) : []
}

function written(steps: readonly string[]): string {
  return steps
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1)
}

function nameOf(value: Readonly<Record<string, unknown>>): string {
  const { metadata } = value
  if (!isRecord(metadata)) return ''
  return String(metadata['name'] ?? metadata['generateName'] ?? '')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
