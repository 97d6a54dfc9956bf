import type { ClusterClient } from './client.ts'
import { type ReadResult, toReadProblem } from './read-result.ts'

/**
 * The Pods of a namespace that a label selector matches ('' for all), as plain objects. A namespace that
 * may not be read is a problem, not an error: where an image runs is then told from elsewhere.
 *
 * @throws ClusterError when the server cannot be reached or is in trouble.
 */
export async function listPods(client: ClusterClient, namespace: string, selector = ''): Promise<ReadResult> {
  try {
    const path = { group: '', version: 'v1', resource: 'pods', namespace }
    return {
      objects: await client.list(path, selector === '' ? {} : { labelSelector: selector }),
      problems: [],
    }
  } catch (error) {
    return { objects: [], problems: [toReadProblem(error, { kind: 'Pod', namespace, name: '' })] }
  }
}
