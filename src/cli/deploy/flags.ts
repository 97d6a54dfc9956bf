import { Flags } from '@oclif/core'
import { APPROVAL_MODES } from '../../lib/engine/approval.ts'
import { connectionFlags, dryRunFlag, objectFormatFlags, outputFlags } from '../flags/shared.ts'
import { watchFlags } from '../watch/flags.ts'
import { passedOnFlags, USELESS_IN_A_POD } from './watch-flags.ts'

const IN_CLUSTER = 'IN THE CLUSTER'
const APPLYING = 'APPLYING'
const several = { helpGroup: IN_CLUSTER, multiple: true, multipleNonGreedy: true } as const

/** What the objects are made of, beside what the watch is told. */
const objectFlags = {
  name: Flags.string({
    description: 'Name of all objects; a second watch in one namespace needs another',
    default: 'kubectl-image-updater',
    helpGroup: IN_CLUSTER,
  }),
  'pod-namespace': Flags.string({
    description: 'Namespace of the Pods (default: that of the Applications; with -A that of -n, else argocd)',
    helpGroup: IN_CLUSTER,
    helpValue: 'NAMESPACE',
  }),
  'create-namespace': Flags.boolean({
    description: 'Make the namespace of the Pods, too',
    helpGroup: IN_CLUSTER,
  }),
  image: Flags.string({
    description:
      'Image of the Pods (default: the one of this version, with git where something is committed)',
    helpGroup: IN_CLUSTER,
    helpValue: 'IMAGE',
  }),
  'image-pull-secret': Flags.string({
    description: 'An existing Secret to pull the image with; can be repeated',
    ...several,
  }),
  git: Flags.boolean({
    allowNo: true,
    description:
      'Whether something is committed: an image with git, and Argo CD’s logins (default: where a rule or flag says so)',
    helpGroup: IN_CLUSTER,
  }),
  replicas: Flags.integer({
    description:
      'Pods of each Deployment: one writes, the others take over (default: 2; 1 where no turns are taken)',
    helpGroup: IN_CLUSTER,
    helpValue: 'NUMBER',
    min: 0,
    max: 10,
  }),
  shard: Flags.string({
    description:
      'NAME=SELECTOR: a Deployment and Lease of its own for the Applications with these labels (web=team=web); can be repeated',
    ...several,
  }),
  'irsa-role-arn': Flags.string({
    description: 'The IAM role of the service account, for ECR (IAM roles for service accounts)',
    helpGroup: IN_CLUSTER,
  }),
  'service-account-annotation': Flags.string({
    description: 'KEY=VALUE: an annotation of the service account, for other clouds; can be repeated',
    ...several,
  }),
  env: Flags.string({
    description: 'NAME=VALUE: an environment variable of the Pods, never for secrets; can be repeated',
    ...several,
  }),
  'env-from-secret': Flags.string({
    description: 'An existing Secret whose keys become environment variables; can be repeated',
    ...several,
  }),
  'mount-secret': Flags.string({
    description: 'An existing Secret whose keys become files in /secrets/NAME; can be repeated',
    ...several,
  }),
  'workload-rights': Flags.option({
    options: ['found', 'all', 'none'] as const,
    default: 'found' as const,
    description:
      'Where workloads may be read and, if a rule needs it, restarted: in the namespaces that the Applications deploy to now, in all, in none',
    helpGroup: IN_CLUSTER,
  })(),
  'network-policy': Flags.boolean({
    allowNo: true,
    default: true,
    description: 'A NetworkPolicy for the Pods',
    helpGroup: IN_CLUSTER,
  }),
  'pod-monitor': Flags.boolean({
    description: 'A PodMonitor for the Prometheus operator',
    helpGroup: IN_CLUSTER,
  }),
  'log-format': Flags.option({
    options: ['text', 'json'] as const,
    default: 'text' as const,
    description: 'What the Pods print: a line an event, or a JSON document an event',
    helpGroup: IN_CLUSTER,
  })(),
}

/** Whether and how the objects are applied. */
const applyFlags = {
  offline: Flags.boolean({
    description: 'Ask no cluster: roles and ports are made of the flags alone',
    exclusive: ['apply'],
    helpGroup: APPLYING,
  }),
  apply: Flags.boolean({ description: 'Show the diff, ask, and apply it', helpGroup: APPLYING }),
  yes: Flags.boolean({ char: 'y', description: 'Apply without asking', helpGroup: APPLYING }),
  'dry-run': { ...dryRunFlag, helpGroup: APPLYING } as typeof dryRunFlag,
  'force-conflicts': Flags.boolean({
    description: 'Take over fields that somebody else has set',
    helpGroup: APPLYING,
  }),
}

/** Known, so that they can be refused with the reason. */
const uselessFlags = Object.fromEntries(
  Object.keys(USELESS_IN_A_POD).map((name) => [
    name,
    { ...watchFlags[name as keyof typeof USELESS_IN_A_POD], hidden: true },
  ]),
) as Pick<typeof watchFlags, keyof typeof USELESS_IN_A_POD>

/** Flags of the watch whose default is another one in a Pod. */
const flagsInAPod = {
  ...passedOnFlags,
  approve: Flags.option({
    options: APPROVAL_MODES,
    description:
      'What is applied: auto (all), patch or minor (version steps up to that), ask (nothing, only told of)',
    default: 'auto' as const,
  })(),
  lease: Flags.string({
    description:
      'The Lease by which the Pods take turns (default: the name of the objects and -watch; none with --read-only)',
    helpGroup: 'TURNS',
    helpValue: 'NAME',
  }),
  'metrics-addr': Flags.string({
    description: 'Where the Pods serve /metrics for Prometheus and the probes',
    default: ':8080',
  }),
}

export const deployFlags = {
  ...connectionFlags,
  ...uselessFlags,
  ...flagsInAPod,
  ...objectFlags,
  ...applyFlags,
  ...objectFormatFlags,
  color: outputFlags.color,
}
