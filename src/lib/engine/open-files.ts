import { operatorRegistries } from '../cluster/operator-registries.ts'
import { ManifestError } from '../manifests/manifest-error.ts'
import { type ManifestSources, readManifests } from '../manifests/read-manifests.ts'
import { openRegistryAccess } from '../registry/access.ts'
import { systemClock } from '../registry/clock.ts'
import { sightingFile } from '../state/sighting-file.ts'
import type { EngineContext } from './context.ts'
import { DateMemory } from './date-memory.ts'
import { FileApplications } from './file-applications.ts'
import type { ContextOptions } from './open-context.ts'
import { configureRegistries, readRegistriesFile } from './registries-conf.ts'

/**
 * Opens manifests on disk in the place of a cluster, and the door to the registries. No cluster is asked; of the
 * kubeconfig only the registries that its owner vouches for are read.
 *
 * @throws ManifestError when there is no Application in them
 */
export async function openFiles(options: ContextOptions, sources: ManifestSources): Promise<EngineContext> {
  const { connection, env } = options
  const registries = options.registriesConf
    ? await readRegistriesFile(options.registriesConf, options.warn)
    : { entries: [], trusted: false }
  const manifests = await readManifests(sources)
  if (manifests.applications.length === 0 && manifests.problems.length === 0) {
    const deeper = sources.recursive ? '' : '; -R looks in the folders below too'
    throw new ManifestError(
      `${sources.names.map(shownName).join(', ')} holds no Argo CD Application`,
      `Name a file or folder with manifests of kind Application${deeper}`,
    )
  }
  const namespace = connection['all-namespaces'] ? '' : (connection.namespace ?? '')
  const applications = new FileApplications(manifests, sources, namespace)
  const plainHttp = await operatorRegistries(connection, env)
  const plainHttpHosts = [...options.plainHttpHosts, ...plainHttp]
  const registry = openRegistryAccess({
    registries: configureRegistries(registries, {
      clock: systemClock,
      env,
      log: options.log,
      programTimeout: options.credentialTimeout,
    }),
    allowedHosts: options.allowedHosts,
    env,
    home: options.home,
    plainHttpHosts,
    trustedRealms: options.trustedRealms,
    userAgent: `kubectl-image-updater/${options.version}`,
    warn: options.warn,
  })
  return {
    allowCrossNamespaceSecrets: options.allowCrossNamespaceSecrets,
    applications,
    cluster: undefined,
    close: () => registry.close(),
    concurrency: options.concurrency,
    dates: new DateMemory(),
    git: undefined,
    forgetWorkloads: () => {},
    newCycle: () => registry.newCycle(),
    now: () => new Date(),
    projectOf: () => undefined,
    registry,
    sightings: sightingFile(env, options.home, options.warn),
    // The Secrets that rules name are in the cluster; the operator's own login serves instead.
    scopeOf: () => undefined,
    workloadsOf: async () => ({
      client: undefined,
      pods: [],
      problem: 'with -f no cluster is asked, so workloads are neither seen nor restarted',
      workloads: [],
    }),
  }
}

function shownName(name: string): string {
  return name === '-' ? 'standard input' : name
}
