/** Where the words that can stand in one place come from. */
export type Source =
  | 'alias'
  | 'alias=tag'
  | 'application'
  | 'cluster'
  | 'command'
  | 'context'
  | 'file'
  | 'folder'
  | 'namespace'
  | 'tag'
  | 'user'
  | readonly string[]

/** What completes the value of a flag. One with fixed options is not here: its options do. */
export const FLAG_VALUES: Readonly<Record<string, Source>> = {
  'certificate-authority': 'file',
  'client-certificate': 'file',
  'client-key': 'file',
  cluster: 'cluster',
  'commit-template': 'file',
  context: 'context',
  directory: 'folder',
  dir: 'folder',
  filename: 'file',
  kubeconfig: 'file',
  namespace: 'namespace',
  output: ['json', 'yaml', 'name', 'wide', 'jsonpath=', 'custom-columns=', 'go-template='],
  'registries-conf': 'file',
  strategy: ['semver', 'newest-build', 'alphabetical', 'digest'],
  user: 'user',
  'workload-context': 'context',
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
  update: { first: [], more: 'application' },
  watch: { first: [], more: 'application' },
}
