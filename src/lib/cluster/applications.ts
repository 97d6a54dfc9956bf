import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { applicationFault } from './application-shape.ts'
import { type ClusterClient, ClusterError } from './client.ts'
import type { ReadProblem, ReadResult } from './read-result.ts'
import type { ResourcePath } from './resource-path.ts'
import { NO_SUCH_RESOURCE_TYPE } from './status-error.ts'

/** Which Applications of the client's namespace are meant. */
export interface ApplicationSelection {
  /** Label selector. */
  readonly selector?: string | undefined
  readonly fieldSelector?: string | undefined
  /** `shop`, or `argocd/shop` where namespaces differ; empty or absent: all. */
  readonly names?: readonly string[] | undefined
}

/** Where an Application lives; without name the collection, with namespace '' that of all namespaces. */
export function applicationPath(namespace: string, name?: string): ResourcePath {
  return {
    group: 'argoproj.io',
    version: 'v1alpha1',
    resource: 'applications',
    ...(namespace !== '' && { namespace }),
    ...(name !== undefined && { name }),
  }
}

/**
 * The Applications that were asked for, sorted by namespace and name, as the API server sent them. One
 * that was named but does not exist, and one whose shape is broken, is a problem; the others are returned.
 *
 * @throws ClusterError when they cannot be listed, or Argo CD's resource type is not installed.
 */
export async function listApplications(
  client: ClusterClient,
  { selector, fieldSelector, names = [] }: ApplicationSelection = {},
): Promise<ReadResult<Application>> {
  const found: KubernetesObject[] = []
  const problems: ReadProblem[] = []
  for (const namespace of namespacesOf(names, client.target.namespace)) {
    const listed = await explained(client, () =>
      client.list(applicationPath(namespace), {
        ...(selector && { labelSelector: selector }),
        ...(fieldSelector && { fieldSelector }),
      }),
    )
    const wanted = names.filter((name) => namespaceOf(name, client.target.namespace) === namespace)
    if (names.length === 0) found.push(...listed)
    else found.push(...listed.filter((object) => wanted.some((name) => isNamed(object, name))))
    for (const name of wanted) {
      if (!listed.some((object) => isNamed(object, name))) problems.push(notFound(name, namespace, client))
    }
  }
  const objects: Application[] = []
  for (const object of found.toSorted(byName)) {
    const fault = applicationFault(object)
    if (fault === undefined) objects.push(object as Application)
    else problems.push(broken(object, fault))
  }
  return { objects, problems }
}

/**
 * One Application, as it is now.
 *
 * @throws ClusterError when it does not exist, may not be read, or has a broken shape (reason `Broken`).
 */
export async function getApplication(
  client: ClusterClient,
  namespace: string,
  name: string,
): Promise<Application> {
  const object = await explained(client, () => client.get(applicationPath(namespace, name)))
  const fault = applicationFault(object)
  if (fault === undefined) return object as Application
  const { problem, remedy, reason } = broken(object, fault)
  throw new ClusterError(problem, 0, reason, remedy)
}

/** Says it in Argo CD's words when the server does not know Applications at all. */
async function explained<Answer>(client: ClusterClient, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ClusterError) || error.reason !== NO_SUCH_RESOURCE_TYPE) throw error
    const { context, server } = client.target
    throw new ClusterError(
      `Argo CD's Application CRD is not installed in context ${context} (${server})`,
      error.status,
      error.reason,
      'Choose the cluster that runs Argo CD with --context',
      { cause: error },
    )
  }
}

function namespacesOf(names: readonly string[], current: string): string[] {
  return names.length === 0 ? [current] : [...new Set(names.map((name) => namespaceOf(name, current)))]
}

function namespaceOf(name: string, current: string): string {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : current
}

function isNamed({ metadata }: KubernetesObject, name: string): boolean {
  return name.includes('/') ? `${metadata.namespace}/${metadata.name}` === name : metadata.name === name
}

function notFound(name: string, namespace: string, client: ClusterClient): ReadProblem {
  const where = namespace === '' ? 'in any namespace' : `in namespace ${namespace}`
  return {
    kind: 'Application',
    namespace,
    name: name.slice(name.indexOf('/') + 1),
    reason: 'NotFound',
    problem: `application "${name}" not found ${where} of context ${client.target.context}`,
    remedy: 'Check the name and selector, or look in all namespaces with -A',
  }
}

function broken({ metadata }: KubernetesObject, fault: string): ReadProblem {
  const namespace = String(metadata.namespace ?? '')
  const name = String(metadata.name)
  return {
    kind: 'Application',
    namespace,
    name,
    reason: 'Broken',
    problem: `application ${namespace}/${name} cannot be read: ${fault}`,
    remedy: 'Correct the object; Argo CD cannot use it like this either',
  }
}

function byName(a: KubernetesObject, b: KubernetesObject): number {
  return (
    compare(String(a.metadata.namespace), String(b.metadata.namespace)) ||
    compare(String(a.metadata.name), String(b.metadata.name))
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
