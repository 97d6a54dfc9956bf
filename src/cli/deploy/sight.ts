import { type ClusterNeeds, clusterNeeds, needsUnseen } from '../../lib/deploy/cluster-needs.ts'
import { overlapWarnings, shardWarnings } from '../../lib/deploy/shard-members.ts'
import type { ShardSelector } from '../../lib/deploy/shards.ts'
import { rivalWarnings } from '../../lib/engine/rivals.ts'
import { UserError } from '../../lib/errors.ts'
import type { RegistryEntry } from '../../lib/rules/registries-conf/registry-entry.ts'
import type { Session } from '../session/session.ts'
import { warn } from '../session/session.ts'
import { DeployFlagError } from './flag-error.ts'
import type { DeployFlags, DeployPlace } from './plan.ts'

/** Where everything is, and what it will need. */
export interface DeploySight {
  readonly place: DeployPlace
  readonly needs: ClusterNeeds
}

const ARGO_CD = 'argocd'

/** What the flags alone say, for `--offline`. @throws DeployFlagError */
export function flagsAlone(
  flags: DeployFlags,
  shards: readonly ShardSelector[],
  entries: readonly RegistryEntry[] | undefined,
): DeploySight {
  const applications = flags['all-namespaces'] ? '' : flags.namespace
  if (applications === undefined) {
    throw new DeployFlagError(
      '--offline: the namespace of the Applications is not known',
      'Name it with -n, or watch all with -A',
    )
  }
  for (const warning of overlapWarnings(shards)) warn(warning)
  const pods = flags['pod-namespace'] || flags.namespace || ARGO_CD
  return { needs: needsUnseen(applications, entries), place: { applications, pods, serverPort: undefined } }
}

/** What the cluster says. Tells what is odd about the Applications there. @throws ClusterError, UserError */
export async function lookAround(
  session: Session,
  names: readonly string[],
  flags: DeployFlags,
  shards: readonly ShardSelector[],
  entries: readonly RegistryEntry[] | undefined,
): Promise<DeploySight> {
  const { cluster } = session.engine
  if (!cluster) throw new UserError('deploy needs a cluster', 'Add --offline to ask none')
  const loaded = await session.load(names)
  const { applications, imageUpdaters = [] } = loaded
  for (const warning of shardWarnings(shards, loaded)) warn(warning)
  for (const warning of await rivalWarnings(session.engine, applications, imageUpdaters)) warn(warning)
  if (loaded.images.length === 0) warn('there is no Application with rules here now: the watch waits for one')
  const needs = await clusterNeeds(
    cluster,
    { ...loaded, problems: [] },
    { allowCrossNamespaceSecrets: flags['allow-cross-namespace-secrets'], ownEntries: entries },
  )
  const { namespace, server } = cluster.target
  const pods = flags['pod-namespace'] || namespace || flags.namespace || ARGO_CD
  const { port, protocol } = new URL(server)
  return {
    needs,
    place: { applications: namespace, pods, serverPort: Number(port) || (protocol === 'http:' ? 80 : 443) },
  }
}
