import { Flags } from '@oclif/core'
import { PULL_REQUEST_SERVICES } from '../../lib/rules/pull-request-service.ts'

const CONNECTION = 'CONNECTION'
const OUTPUT = 'OUTPUT'

/** What argocd-image-updater grants a credential script. */
export const CREDENTIAL_TIMEOUT = '10s'

/** kubectl's connection and selection flags, by kubectl's names and meanings. */
export const connectionFlags = {
  kubeconfig: Flags.string({
    description: 'The kubeconfig file to use (default: those that KUBECONFIG lists, else ~/.kube/config)',
    helpGroup: CONNECTION,
    helpValue: 'FILE',
  }),
  context: Flags.string({
    description: 'The kubeconfig context to use (default: the current one)',
    helpGroup: CONNECTION,
    helpValue: 'NAME',
  }),
  cluster: Flags.string({
    description: 'The kubeconfig cluster to use (default: that of the context)',
    helpGroup: CONNECTION,
    helpValue: 'NAME',
  }),
  user: Flags.string({
    description: 'The kubeconfig user to use (default: that of the context)',
    helpGroup: CONNECTION,
    helpValue: 'NAME',
  }),
  server: Flags.string({
    char: 's',
    description: 'Address and port of the Kubernetes API server (default: that of the cluster)',
    helpGroup: CONNECTION,
    helpValue: 'URL',
  }),
  namespace: Flags.string({
    char: 'n',
    description:
      'Namespace of the Applications (default: that of the context, else argocd where it exists, else default)',
    helpGroup: CONNECTION,
    helpValue: 'NAME',
  }),
  'all-namespaces': Flags.boolean({
    char: 'A',
    description: 'Applications of all namespaces; overrides --namespace',
    helpGroup: CONNECTION,
  }),
  as: Flags.string({ description: 'Username to impersonate', helpGroup: CONNECTION }),
  'as-uid': Flags.string({ description: 'UID to impersonate', helpGroup: CONNECTION }),
  'as-group': Flags.string({
    description: 'Group to impersonate; can be repeated',
    helpGroup: CONNECTION,
    multiple: true,
    multipleNonGreedy: true,
  }),
  'as-user-extra': Flags.string({
    description: 'User extra (key=value) to impersonate; can be repeated',
    helpGroup: CONNECTION,
    multiple: true,
    multipleNonGreedy: true,
  }),
  token: Flags.string({ description: 'Bearer token for the API server', helpGroup: CONNECTION }),
  'client-certificate': Flags.string({ description: 'Path to a client certificate', helpGroup: CONNECTION }),
  'client-key': Flags.string({ description: 'Path to a client key', helpGroup: CONNECTION }),
  'certificate-authority': Flags.string({
    description: 'Path to the certificate authority of the API server',
    helpGroup: CONNECTION,
  }),
  'tls-server-name': Flags.string({
    description:
      'Server name to verify the certificate of the API server against (default: the host in its address)',
    helpGroup: CONNECTION,
    helpValue: 'NAME',
  }),
  'insecure-skip-tls-verify': Flags.boolean({
    description: 'Do not verify the certificate of the API server (insecure)',
    helpGroup: CONNECTION,
  }),
  'request-timeout': Flags.string({
    description: 'How long one API request may take: 0 (no limit), seconds, or a duration such as 30s',
    default: '0',
    helpGroup: CONNECTION,
  }),
  v: Flags.integer({
    char: 'v',
    description: 'Log level: 6 and above prints every API request to stderr',
    default: 0,
    helpGroup: CONNECTION,
  }),
}

/** Which Applications; arguments name them, selectors narrow the list. */
export const selectionFlags = {
  selector: Flags.string({ char: 'l', description: 'Label selector (app=web,tier!=cache)' }),
  'field-selector': Flags.string({ description: 'Field selector (metadata.name=shop)' }),
  'workload-context': Flags.string({
    description: 'Context of the cluster that runs the workloads, where the destination does not tell it',
  }),
  'max-concurrency': Flags.integer({
    description: 'How many images are looked at at once',
    default: 10,
    min: 1,
  }),
}

/** In which format the answer is printed. */
export const formatFlags = {
  output: Flags.string({
    char: 'o',
    description:
      'Format of the answer: wide, json, yaml, name, jsonpath=…, jsonpath-as-json=…, custom-columns=…, go-template=…; jsonpath-file=, custom-columns-file= and go-template-file= name a file',
    helpGroup: OUTPUT,
  }),
  // Read as a part of --output (`templateInOutput`), so no command ever sees it.
  template: Flags.string({
    description:
      'The template of -o go-template, jsonpath or custom-columns, or the file of their -file forms; without -o a Go template',
    helpGroup: OUTPUT,
  }),
  'allow-missing-template-keys': Flags.boolean({
    allowNo: true,
    default: true,
    description: 'Whether a go-template or a jsonpath may ask for a field that is not there',
    helpGroup: OUTPUT,
  }),
}

/** How the answer is printed. */
export const outputFlags = {
  ...formatFlags,
  'no-headers': Flags.boolean({ description: 'Print a table without its header line', helpGroup: OUTPUT }),
  'sort-by': Flags.string({
    description: 'Order by a field, given as a JSONPath (.application)',
    helpGroup: OUTPUT,
  }),
  color: Flags.option({
    options: ['auto', 'always', 'never'] as const,
    default: 'auto' as const,
    description: 'When to colour: auto means on a terminal without NO_COLOR',
    helpGroup: OUTPUT,
  })(),
}

/** Of commands that answer with Kubernetes objects. */
export const objectFormatFlags = {
  ...formatFlags,
  output: Flags.string({
    char: 'o',
    description:
      'Format of the objects: yaml, json, name, jsonpath=…, custom-columns=…, go-template=… and their like (default: yaml, and what changes with --apply)',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
  }),
}

/** How registries are asked, and which an operator vouches for; nothing of this can come from the cluster. */
export const registryFlags = {
  'registries-conf': Flags.string({
    description:
      "A registries.conf of argocd-image-updater (default: the one in the cluster's ConfigMap argocd-image-updater-config)",
    helpGroup: 'REGISTRIES',
    helpValue: 'FILE',
  }),
  'allow-cross-namespace-secrets': Flags.boolean({
    description: "Let rules name pull secrets of other namespaces than their Application's",
    helpGroup: 'REGISTRIES',
  }),
  'credential-timeout': Flags.string({
    description: 'How long a credential program of registries.conf may take',
    default: CREDENTIAL_TIMEOUT,
    helpGroup: 'REGISTRIES',
  }),
  'plain-http-registry': Flags.string({
    description:
      'A registry host[:port] to talk to over plain HTTP and to allow on a loopback or private address; can be repeated',
    helpGroup: 'REGISTRIES',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'allow-registry': Flags.string({
    description:
      'A registry host[:port] to allow although it is a loopback or private address; can be repeated',
    helpGroup: 'REGISTRIES',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'trust-token-server': Flags.string({
    description:
      'A token server host[:port] that may get the login of a registry although it is another host; can be repeated',
    helpGroup: 'REGISTRIES',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

/** Several clusters in one view. */
export const severalContextsFlag = Flags.string({
  description:
    'The kubeconfig context to use; can be repeated, for several clusters in one view (default: the current one)',
  helpValue: 'NAME',
  multiple: true,
  multipleNonGreedy: true,
})

export const notifyFlag = Flags.string({
  description:
    'Tell others what happens: slack:URL, webhook:URL or command:PROGRAM, with ,on=EVENTS and ,template=TEXT (docs/notifications.md); can be repeated',
  multiple: true,
  multipleNonGreedy: true,
})

/** Taking turns with other watches. A bare `--lease` is read as `--lease=` (`BaseCommand`). */
export const leaseFlags = {
  lease: Flags.string({
    description:
      'Take turns with other watches through a Kubernetes Lease: one writes, the others look on or wait. Without a name: kubectl-image-updater-watch (default: no turns are taken)',
    helpGroup: 'TURNS',
    helpValue: 'NAME',
  }),
  'lease-namespace': Flags.string({
    description:
      "Namespace of the Lease (default: that of the Applications; with -A in a Pod, the Pod's own namespace)",
    helpGroup: 'TURNS',
    helpValue: 'NAME',
  }),
  'lease-duration': Flags.string({
    description:
      'How long the turn of a watch that is gone is kept free for it. It is renewed 7.5 times as often, and not used any more after two thirds without renewal',
    default: '15s',
    helpGroup: 'TURNS',
  }),
}

/** What follows a write. A bare `--wait` is read as `--wait=5m` (`BaseCommand`). */
export const waitFlags = {
  wait: Flags.string({
    description:
      'Follow what was written until it is Synced and Healthy, for at most so long, and fail when it does not come to that. Without a duration: 5m (default: not followed)',
    helpGroup: 'AFTER A WRITE',
    helpValue: 'DURATION',
  }),
  sync: Flags.boolean({
    description: 'Ask Argo CD to sync what was written at once, also where auto-sync is off',
    helpGroup: 'AFTER A WRITE',
  }),
  refresh: Flags.boolean({
    description: 'Ask Argo CD to compare what was written at once',
    helpGroup: 'AFTER A WRITE',
  }),
}

/** The same, and what to do where it does no good. */
export const afterWriteFlags = {
  ...waitFlags,
  'rollback-on-degraded': Flags.boolean({
    description:
      'Put back what ran before where an Application becomes Degraded, and hold it there; implies --wait',
    helpGroup: 'AFTER A WRITE',
  }),
}

/** How changes are committed, for rules whose write-back-method is git. */
export const gitFlags = {
  'git-credentials': Flags.option({
    options: ['argocd', 'local'] as const,
    default: 'argocd' as const,
    description:
      "With what git repositories are reached: argocd (what the rule names, else Argo CD's repository Secrets) or local (your own git setup)",
    helpGroup: 'GIT',
  })(),
  'allow-git-host': Flags.string({
    description:
      'A git host[:port] to use although it is on this machine, also over plain http; can be repeated',
    helpGroup: 'GIT',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'commit-template': Flags.string({
    description: 'A file with the commit message as a Go template (docs/commit-messages.md)',
    helpGroup: 'GIT',
  }),
  'pull-request': Flags.option({
    options: PULL_REQUEST_SERVICES,
    description:
      'Commit to a branch of its own and open a pull request at this service, for rules that name none with the annotation pull-request (default: none)',
    helpGroup: 'GIT',
    helpValue: 'SERVICE',
  })(),
  'pull-request-label': Flags.string({
    description: 'A label for pull requests; can be repeated',
    helpGroup: 'GIT',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'pull-request-reviewer': Flags.string({
    description: 'Whom to ask for a review of pull requests, as the service names them; can be repeated',
    helpGroup: 'GIT',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'pull-request-draft': Flags.boolean({ description: 'Open pull requests as drafts', helpGroup: 'GIT' }),
  'pull-request-auto-merge': Flags.option({
    options: ['off', 'merge', 'squash', 'rebase'] as const,
    default: 'off' as const,
    description: 'Have the service merge pull requests by itself once their checks pass',
    helpGroup: 'GIT',
  })(),
  'pull-request-token-env': Flags.string({
    description:
      'Which environment variable has a token for the API of a service, where the login for git is none: github.com=GITHUB_TOKEN; can be repeated',
    helpGroup: 'GIT',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'commit-author': Flags.string({
    description: 'Who commits, as "Name <address>" (default: whom your own git names)',
    helpGroup: 'GIT',
    helpValue: 'PERSON',
  }),
  'commit-sign-off': Flags.boolean({ description: 'Add Signed-off-by to commits', helpGroup: 'GIT' }),
  'commit-signing': Flags.option({
    options: ['auto', 'off', 'openpgp', 'ssh', 'x509'] as const,
    default: 'auto' as const,
    description: 'Sign commits; auto: as commit.gpgSign and gpg.format of your own git say',
    helpGroup: 'GIT',
  })(),
  'commit-signing-key': Flags.string({
    description:
      'The key for --commit-signing, as git takes it for user.signingKey (default: that of your own git)',
    helpGroup: 'GIT',
    helpValue: 'KEY',
  }),
  'commit-per-application': Flags.boolean({
    description: 'Make a commit for each Application, not one for all of a repository and branch',
    helpGroup: 'GIT',
  }),
}

/** kubectl's --dry-run; `BaseCommand` reads a bare one as `client`. */
export const dryRunFlag = Flags.option({
  options: ['none', 'client', 'server'] as const,
  default: 'none' as const,
  description:
    'client: only show what would be written; server: have the API server check it, and keep nothing',
})()
