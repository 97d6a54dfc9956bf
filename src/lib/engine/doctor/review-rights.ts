import { isAllowed } from '../../cluster/access-review.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import { qualifiedResource } from '../../cluster/resource-url.ts'
import { concurrently } from '../concurrently.ts'
import type { Right } from './rights.ts'

/** Reviews under way at once. */
const CONCURRENCY = 8
/** From so many namespaces on it is worth asking for all of them first. */
const MANY = 4

/**
 * The rights that this user does not have. A right that is wanted in many namespaces is asked for in all of
 * them at once first: an administrator of hundreds costs one question.
 *
 * @throws ClusterError when the API server cannot be asked
 */
export async function missingRights(
  client: Pick<ClusterClient, 'create'>,
  rights: readonly Right[],
): Promise<Right[]> {
  const alike = [...Map.groupBy(rights, (right) => `${right.verb} ${qualifiedResource(right)}`).values()]
  const missing = await concurrently(alike, CONCURRENCY, async (same) => {
    const [first] = same
    const { name: _, ...anyName } = first as Right
    if (same.length >= MANY && (await isAllowed(client, { ...anyName, namespace: '' }))) return []
    const allowed = await concurrently(same, CONCURRENCY, (right) => isAllowed(client, right))
    return same.filter((_right, index) => !allowed[index])
  })
  return missing.flat()
}
