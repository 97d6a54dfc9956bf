import type { Application } from '../../application/application.ts'
import { readImageText } from '../../application/image-text.ts'
import type { KubernetesObject } from '../../application/kubernetes-object.ts'
import { ObjectField } from '../../application/object-field.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import { toReadProblem } from '../../cluster/read-result.ts'
import { ANNOTATION_PREFIX } from '../../rules/annotation-keys.ts'
import type { LintFinding } from '../../rules/lint/finding.ts'

/** A running argocd-image-updater. */
export interface Controller {
  /** `argocd/argocd-image-updater` */
  readonly deployment: string
  readonly namespace: string
  /** Tag of its image; '' when it has none. */
  readonly version: string
  /** Before 1.0 it reads the annotations of every Application; since then ImageUpdater resources. */
  readonly readsAnnotations: boolean
  /** Namespaces that its arguments and environment name; `*` for all. */
  readonly watches: ReadonlySet<string>
}

const NAME = 'argocd-image-updater'
const IMAGE_LIST = `${ANNOTATION_PREFIX}image-list`
/** Where its install manifests put it. */
const USUAL_NAMESPACES = ['argocd', 'argocd-image-updater-system']
const BEFORE_ONE = /^v?0\./

/** Looks for argocd-image-updater in some namespaces and the usual ones. Those that may not be read are passed over. */
export async function findControllers(
  cluster: ClusterClient,
  namespaces: readonly string[],
): Promise<Controller[]> {
  const places = [...new Set([...namespaces, ...USUAL_NAMESPACES])]
  const lists = await Promise.all(places.map((namespace) => deploymentsIn(cluster, namespace)))
  return lists.flat().flatMap((deployment) => controllerOf(deployment) ?? [])
}

async function deploymentsIn(
  cluster: ClusterClient,
  namespace: string,
): Promise<readonly KubernetesObject[]> {
  try {
    return await cluster.list({ group: 'apps', version: 'v1', resource: 'deployments', namespace })
  } catch (error) {
    toReadProblem(error, { kind: 'Deployment', namespace, name: '' })
    return []
  }
}

/** The controller that a Deployment runs, unless it is scaled to zero. @throws MalformedFieldError */
export function controllerOf(deployment: KubernetesObject): Controller | undefined {
  const { name, namespace = '' } = deployment.metadata
  const spec = new ObjectField(`deployment "${name}"`, deployment).member('spec')
  if (spec.member('replicas').value === 0) return undefined
  for (const container of spec.member('template').member('spec').member('containers').items()) {
    const image = readImageText(container.member('image').text())
    if (image?.repository.split('/').at(-1) !== NAME) continue
    const values = [
      ...container
        .member('command')
        .items()
        .map((word) => word.text()),
      ...container
        .member('args')
        .items()
        .map((word) => word.text()),
      ...container
        .member('env')
        .items()
        .map((entry) => entry.member('value').text()),
    ]
    const words = values.flatMap((value) => value.split(/[\s,=]+/))
    return {
      deployment: `${namespace}/${name}`,
      namespace,
      version: image.tag,
      readsAnnotations: BEFORE_ONE.test(image.tag),
      watches: new Set([namespace, ...words]),
    }
  }
  return undefined
}

/**
 * What a running controller means for one Application with rules.
 *
 * @param matched whether an ImageUpdater resource matches it
 */
export function controllerFindings(
  { metadata }: Application,
  controllers: readonly Controller[],
  matched: boolean,
): LintFinding[] {
  const { name, namespace = '' } = metadata
  const watching = controllers.filter(({ watches }) => watches.has(namespace) || watches.has('*'))
  const origin = { kind: 'annotation', object: namespace === '' ? name : `${namespace}/${name}` } as const
  const annotated = Object.hasOwn(metadata.annotations ?? {}, IMAGE_LIST)
  const writer = watching.find(({ readsAnnotations }) => (readsAnnotations ? annotated : matched))
  if (writer) {
    const [place = '', own = ''] = writer.deployment.split('/')
    return [
      {
        severity: 'warning',
        code: 'two-writers',
        origin,
        alias: '',
        key: '',
        value: writer.deployment,
        problem: `${titleOf(writer)} reads the same rules: each may undo what the other writes`,
        remedy: `Let one of them write: kubectl scale deployment ${own} --namespace ${place} --replicas=0`,
      },
    ]
  }
  const readers = annotated ? watching.slice(0, 1) : []
  return readers.map((reader) => ({
    severity: 'info',
    code: 'not-read-by-controller',
    origin,
    alias: '',
    key: '',
    value: reader.deployment,
    problem: `${titleOf(reader)} does not read these annotations: no ImageUpdater with useAnnotations matches the Application`,
    remedy: 'Nothing to do where only this tool is to act on them',
  }))
}

function titleOf({ deployment, version }: Controller): string {
  return `${NAME}${version === '' ? '' : ` ${version}`} (deployment ${deployment})`
}
