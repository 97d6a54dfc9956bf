import { chooseSource } from '../application/source-choice.ts'
import { workloadsOf } from '../application/workload.ts'
import type { ClusterClient } from '../cluster/client.ts'
import { imageUpdatersPath } from '../cluster/image-updaters.ts'
import type { LoadedImages } from '../engine/doctor/loaded-images.ts'
import type { RightsWanted } from '../engine/doctor/rights.ts'
import { rightsWanted } from '../engine/doctor/rights-wanted.ts'
import { entrySecrets, wantedInUsualPlace } from '../engine/doctor/usual-place.ts'
import type { ManagedImage } from '../engine/managed-image.ts'
import { readClusterRegistries } from '../engine/registries-conf.ts'
import { UserError } from '../errors.ts'
import type { RegistryEntry } from '../rules/registries-conf/registry-entry.ts'

/** What a watch of these Applications will need, as far as the cluster tells. */
export interface ClusterNeeds {
  readonly rights: RightsWanted
  /** Whether a rule commits to git. */
  readonly git: boolean
  /** Registries of rules and of registries.conf: `host[:port]`. */
  readonly registries: readonly string[]
  readonly budgetVersion: 'policy/v1' | 'policy/v1beta1'
}

/** How the watch will find its registries. */
export interface RegistrySettings {
  /** Entries of the operator's own file; undefined: those of the cluster's ConfigMap are used. */
  readonly ownEntries: readonly RegistryEntry[] | undefined
  readonly allowCrossNamespaceSecrets: boolean
}

/** Asks the cluster what a watch of these Applications will need. @throws ClusterError, MalformedFieldError */
export async function clusterNeeds(
  client: ClusterClient,
  loaded: LoadedImages,
  { allowCrossNamespaceSecrets, ownEntries }: RegistrySettings,
): Promise<ClusterNeeds> {
  const [imageUpdaters, newBudgets, inUsualPlace, found] = await Promise.all([
    client.serves(imageUpdatersPath('')),
    client.serves({ group: 'policy', version: 'v1' }),
    wantedInUsualPlace(client, ownEntries !== undefined),
    ownEntries
      ? { entries: ownEntries }
      : readClusterRegistries(client, allowCrossNamespaceSecrets, () => undefined),
  ])
  const rights = rightsWanted(loaded, client, { imageUpdaters, ...inUsualPlace })
  return {
    rights: {
      ...rights,
      restarts: restartNamespaces(loaded.images).filter((one) => rights.workloads.includes(one)),
      secrets: [...rights.secrets, ...entrySecrets(found.entries)],
    },
    git: loaded.images.some(({ rule }) => rule.writeBack.method === 'git'),
    registries: [
      ...loaded.images.map(({ rule }) => rule.image.registry),
      ...found.entries.map(({ apiUrl }) => new URL(apiUrl).host),
    ],
    budgetVersion: newBudgets ? 'policy/v1' : 'policy/v1beta1',
  }
}

/** What can be told without a cluster: the rights in the namespace of the Applications themselves. */
export function needsUnseen(
  applications: string,
  entries: readonly RegistryEntry[] | undefined,
): ClusterNeeds {
  return {
    rights: {
      applications: [applications],
      workloads: [],
      workloadTypes: [],
      secrets: entrySecrets(entries ?? []),
      repositories: [],
      imageUpdaters: true,
      registriesConf: entries === undefined,
      elsewhere: 0,
    },
    git: false,
    registries: (entries ?? []).map(({ apiUrl }) => new URL(apiUrl).host),
    budgetVersion: 'policy/v1',
  }
}

/** Namespaces of workloads that are restarted where a tag moves, since nothing in their Application can change. */
function restartNamespaces(images: readonly ManagedImage[]): string[] {
  const applications = new Set(images.filter(mayRestart).map(({ application }) => application))
  const namespaces = [...applications].flatMap((application) => [
    application.spec.destination?.namespace ?? '',
    ...workloadsOf(application).map(({ namespace }) => namespace),
  ])
  return [...new Set(namespaces)]
}

function mayRestart({ application, rule }: ManagedImage): boolean {
  if (rule.writeBack.method !== 'application') return rule.writeBack.method === 'restart'
  try {
    return chooseSource(application, rule.writeBack, rule.targets).overrideType === 'Unsupported'
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}
