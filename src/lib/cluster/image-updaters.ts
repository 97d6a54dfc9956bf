import type { ClusterClient } from './client.ts'
import { type ReadProblem, type ReadResult, toReadProblem } from './read-result.ts'
import type { ResourcePath } from './resource-path.ts'
import { isForbidden, NO_SUCH_RESOURCE_TYPE } from './status-error.ts'

/** Where argocd-image-updater's ImageUpdater resources of a namespace live; '' for all namespaces. */
export function imageUpdatersPath(namespace: string): ResourcePath {
  return {
    group: 'argocd-image-updater.argoproj.io',
    version: 'v1alpha1',
    resource: 'imageupdaters',
    ...(namespace !== '' && { namespace }),
  }
}

/**
 * The ImageUpdater resources of some namespaces, as the API server sent them. A cluster that does not have
 * the type has none; a namespace where this user may not list them is a problem.
 *
 * @throws ClusterError when the server cannot be reached or answers nonsense.
 */
export async function listImageUpdaters(
  client: ClusterClient,
  namespaces: readonly string[],
): Promise<ReadResult> {
  const read = await Promise.all(namespaces.map((namespace) => listIn(client, namespace)))
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: read.flatMap(({ problems }) => problems),
  }
}

async function listIn(client: ClusterClient, namespace: string): Promise<ReadResult> {
  const path = imageUpdatersPath(namespace)
  try {
    return { objects: await client.list(path), problems: [] }
  } catch (error) {
    const problem: ReadProblem = toReadProblem(error, { kind: 'ImageUpdater', namespace, name: '' })
    const missing = problem.reason === NO_SUCH_RESOURCE_TYPE
    // Authorization comes before routing: who may not list them is refused even where the type is missing.
    const hidden = isForbidden(error) && !(await client.serves(path))
    return { objects: [], problems: missing || hidden ? [] : [problem] }
  }
}
