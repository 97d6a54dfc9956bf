/** Where the words that can stand in one place come from. */
export type Source =
  | 'alias'
  | 'alias=image'
  | 'alias=tag'
  | 'application'
  | 'cluster'
  | 'command'
  | 'constraint'
  | 'context'
  | 'file'
  | 'folder'
  | 'image'
  | 'namespace'
  | 'tag'
  | 'user'
  | readonly string[]

/** Those of which a kubeconfig, a cluster or this machine's memory knows the words. */
export type NamedSource = Exclude<Source, 'command' | 'file' | 'folder' | readonly string[]>

/** Sources whose best candidate comes first. */
export const IN_ORDER: ReadonlySet<Source> = new Set<Source>([
  'alias=image',
  'alias=tag',
  'constraint',
  'image',
  'tag',
])

/**
 * What completes the value of a flag, of every command or of one. A flag with fixed options is not here: its
 * options do.
 */
export const FLAG_VALUES: Readonly<Record<string, Source>> = {
  after: 'application',
  'allow-tags': ['any', 'regexp:'],
  'annotate image': 'alias=image',
  'certificate-authority': 'file',
  'client-certificate': 'file',
  'client-key': 'file',
  cluster: 'cluster',
  'commit-template': 'file',
  constraint: 'constraint',
  context: 'context',
  directory: 'folder',
  dir: 'folder',
  filename: 'file',
  kubeconfig: 'file',
  'max-bump': ['patch', 'minor', 'major'],
  namespace: 'namespace',
  output: ['json', 'yaml', 'name', 'wide', 'jsonpath=', 'custom-columns=', 'go-template='],
  'registries-conf': 'file',
  strategy: ['semver', 'newest-build', 'alphabetical', 'digest'],
  user: 'user',
  'workload-context': 'context',
  'write-back': ['application', 'restart', 'git'],
}

/** What completes the arguments of a command, in their order; `more` is what may be repeated after them. */
interface ArgumentSources {
  readonly first: readonly Source[]
  readonly more?: Source
}

export const ARGUMENTS: Readonly<Record<string, ArgumentSources>> = {
  annotate: { first: [], more: 'application' },
  check: { first: [], more: 'application' },
  deploy: { first: [], more: 'application' },
  doctor: { first: [], more: 'application' },
  explain: { first: ['application', 'alias'] },
  help: { first: ['command'] },
  history: { first: ['application', 'alias'] },
  hold: { first: ['application'], more: 'alias' },
  lint: { first: [], more: 'application' },
  list: { first: [], more: 'application' },
  migrate: { first: [], more: 'application' },
  resume: { first: ['application'], more: 'alias' },
  rollback: { first: ['application', 'alias'] },
  set: { first: ['application'], more: 'alias=tag' },
  skip: { first: ['application', 'alias', 'tag'] },
  tags: { first: ['image'] },
  update: { first: [], more: 'application' },
  watch: { first: [], more: 'application' },
}
