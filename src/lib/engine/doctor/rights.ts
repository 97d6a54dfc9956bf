import type { AccessAttributes } from '../../cluster/access-review.ts'
import type { LeaseName } from '../../cluster/leases.ts'

/** Something this program asks the API server for, and what is lost without it. */
export interface Right extends AccessAttributes {
  /** Ends "may not patch applications in argocd: ". */
  readonly effect: string
  /** Without it nothing of what was asked can work, or single rules cannot. */
  readonly essential: boolean
}

/** Where rights are wanted, as far as it is known. */
export interface RightsWanted {
  /** Of the Applications; '' means all namespaces. */
  readonly applications: readonly string[]
  /** Where workloads of this cluster run. */
  readonly workloads: readonly string[]
  /** Workload types that are deployed there: `deployments`, `rollouts`. */
  readonly workloadTypes: readonly { readonly group: string; readonly resource: string }[]
  /** Secrets that rules name. */
  readonly secrets: readonly { readonly namespace: string; readonly name: string }[]
  /** Namespaces of Argo CD whose logins for git repositories are used. */
  readonly repositories: readonly string[]
  /** Whether the cluster knows ImageUpdater resources. */
  readonly imageUpdaters: boolean
  /** Whether the registries.conf of the cluster is read. */
  readonly registriesConf: boolean
  /** Applications whose workloads run in other clusters, where nobody is asked. */
  readonly elsewhere: number
  /** Whether anything is written; absent: it is. */
  readonly writes?: boolean
  /** Namespaces where workloads may have to be restarted; absent: wherever there are workloads. */
  readonly restarts?: readonly string[]
  /** Further namespaces of Argo CD, in which AppProjects and the registries.conf of the cluster are looked for. */
  readonly alsoArgoCdIn?: readonly string[]
  /** Whether rollouts are followed as they happen; absent: their state is read again and again. */
  readonly watchesRollouts?: boolean
  /** The Leases by which turns are taken; absent: of any name, beside the Applications. */
  readonly leases?: readonly LeaseName[]
}

const ARGO = 'argoproj.io'
const LIST = ['get', 'list'] as const
const WORKLOAD_EFFECTS = {
  get: 'the state of a rollout is not known',
  watch: 'rollouts cannot be followed as they happen',
  patch: 'workloads cannot be restarted for a tag that moved',
} as const

/** Every right that the commands make use of, each once. */
export function rightsFor(wanted: RightsWanted): Right[] {
  return [
    ...wanted.applications.flatMap((namespace) => [
      ...ofApplications(namespace, wanted.writes ?? true),
      ...(wanted.leases ? [] : ofLeases({ namespace })),
      ...(wanted.imageUpdaters ? [ofImageUpdaters(namespace)] : []),
      ...(wanted.registriesConf ? [ofRegistriesConf(namespace)] : []),
    ]),
    ...(wanted.alsoArgoCdIn ?? []).flatMap((namespace) => [
      ofProjects(namespace),
      ...(wanted.registriesConf ? [ofRegistriesConf(namespace)] : []),
    ]),
    ...(wanted.leases ?? []).flatMap(ofLeases),
    ...wanted.workloads.flatMap((namespace) =>
      ofWorkloads(namespace, wanted.workloadTypes, [
        'get',
        ...(wanted.watchesRollouts ? (['watch'] as const) : []),
        ...((wanted.restarts ?? wanted.workloads).includes(namespace) ? (['patch'] as const) : []),
      ]),
    ),
    ...wanted.secrets.map(ofSecret),
    ...wanted.repositories.flatMap(ofRepositories),
  ]
}

function ofApplications(namespace: string, writes: boolean): Right[] {
  const of = (verb: string, resource: string, effect: string, essential = false, group = ARGO): Right => ({
    verb,
    group,
    resource,
    namespace,
    effect,
    essential,
  })
  return [
    ...LIST.map((verb) => of(verb, 'applications', 'no command can work', true)),
    of('watch', 'applications', 'changes cannot be followed as they happen'),
    ...(writes ? [of('patch', 'applications', 'update, watch and annotate cannot write')] : []),
    ofProjects(namespace),
    ...(writes ? [of('create', 'events', 'what was written is not recorded as an Event', false, '')] : []),
  ]
}

function ofProjects(namespace: string): Right {
  return {
    verb: 'get',
    group: ARGO,
    resource: 'appprojects',
    namespace,
    effect: 'sync windows are not known',
    essential: false,
  }
}

/** @param name absent: of any name. A Lease that is not there yet can be created under any name only. */
function ofLeases({ namespace, name }: { readonly namespace: string; readonly name?: string }): Right[] {
  const effect = 'two who watch the same are not told of each other'
  const common = { effect, essential: false, group: 'coordination.k8s.io', namespace, resource: 'leases' }
  return [
    { ...common, verb: 'create' },
    ...['get', 'update'].map((verb) => ({ ...common, verb, ...(name !== undefined && { name }) })),
  ]
}

function ofImageUpdaters(namespace: string): Right {
  return {
    verb: 'list',
    group: 'argocd-image-updater.argoproj.io',
    resource: 'imageupdaters',
    namespace,
    effect: 'rules in ImageUpdater resources are not seen',
    essential: false,
  }
}

function ofRegistriesConf(namespace: string): Right {
  return {
    verb: 'get',
    group: '',
    resource: 'configmaps',
    // With all namespaces it is the one of Argo CD's own that is read.
    namespace: namespace || 'argocd',
    name: 'argocd-image-updater-config',
    effect: 'registries.conf of the cluster is not used',
    essential: false,
  }
}

function ofWorkloads(
  namespace: string,
  types: RightsWanted['workloadTypes'],
  verbs: readonly (keyof typeof WORKLOAD_EFFECTS)[],
): Right[] {
  return [
    {
      verb: 'list',
      group: '',
      resource: 'pods',
      namespace,
      effect: 'what really runs is not known, nor whether a moved tag has arrived',
      essential: false,
    },
    ...types.flatMap(({ group, resource }) =>
      verbs.map((verb) => ({
        verb,
        group,
        resource,
        namespace,
        effect: WORKLOAD_EFFECTS[verb],
        essential: false,
      })),
    ),
  ]
}

function ofRepositories(namespace: string): Right[] {
  const common = { essential: false, group: '', namespace }
  return [
    {
      ...common,
      verb: 'list',
      resource: 'secrets',
      effect: 'nothing can be committed with the logins of Argo CD; --git-credentials local uses your own',
    },
    ...['argocd-ssh-known-hosts-cm', 'argocd-tls-certs-cm'].map((name) => ({
      ...common,
      verb: 'get',
      resource: 'configmaps',
      name,
      effect: 'git servers that Argo CD was told to trust are not trusted here',
    })),
  ]
}

function ofSecret({ namespace, name }: { readonly namespace: string; readonly name: string }): Right {
  return {
    verb: 'get',
    group: '',
    resource: 'secrets',
    namespace,
    name,
    effect: 'the images of the rules that name it cannot be looked at',
    essential: true,
  }
}
