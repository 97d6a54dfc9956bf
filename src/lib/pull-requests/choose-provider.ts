import { PullRequestError } from './pull-request-error.ts'
import {
  ownerAndName,
  parseRepositoryAddress,
  projectPath,
  type RepositoryAddress,
} from './repository-address.ts'

export const PROVIDER_NAMES = ['github', 'gitlab', 'gitea', 'forgejo', 'bitbucket', 'azure'] as const

export type ProviderName = (typeof PROVIDER_NAMES)[number]

/** A repository at a service that has pull requests. */
export interface RepositoryPlace {
  readonly provider: ProviderName
  /** Of the repository's URL, lower case. */
  readonly host: string
  /** `[owner, name]`; all groups and the name at GitLab; `[project, name]` at Azure DevOps. */
  readonly repository: readonly string[]
  /** Base of its API, without a slash at the end: `https://ghe.example.com/api/v3`. */
  readonly api: string
  /** Whether {@link api} was given, and not derived from the repository's host. */
  readonly apiGiven: boolean
}

/** Hosts that are known by name. Others could be anything, and their API is not found out by asking around. */
const KNOWN_HOSTS: Readonly<Record<string, ProviderName>> = {
  'github.com': 'github',
  'ssh.github.com': 'github',
  'gitlab.com': 'gitlab',
  'altssh.gitlab.com': 'gitlab',
  'gitea.com': 'gitea',
  'codeberg.org': 'forgejo',
  'bitbucket.org': 'bitbucket',
  'altssh.bitbucket.org': 'bitbucket',
  'dev.azure.com': 'azure',
  'ssh.dev.azure.com': 'azure',
  'vs-ssh.visualstudio.com': 'azure',
}

/**
 * Which service has the repository, and where its API is.
 *
 * @param choice says which service runs at a host that is not known by name
 * @param api base of the API where it is not at the usual place of the service
 * @throws PullRequestError of kind `address`
 */
export function chooseProvider(url: string, choice?: ProviderName, api?: string): RepositoryPlace {
  const address = parseRepositoryAddress(url)
  const known = knownProvider(address.host)
  const provider = choice ?? known
  if (provider === undefined) {
    throw new PullRequestError(
      'address',
      `it is not known which service runs at ${address.host}`,
      `Name it: ${PROVIDER_NAMES.join(', ')}`,
    )
  }
  if (known !== undefined && known !== provider && api === undefined) {
    throw new PullRequestError(
      'address',
      `${address.host} is ${known}, not ${provider}`,
      `Choose ${known}, or leave the choice out`,
    )
  }
  const given = api === undefined ? undefined : givenApi(api)
  const path = given === undefined ? address.path : withoutRoot(address.path, given)
  return { provider, ...PLACES[provider]({ ...address, path }, given), apiGiven: given !== undefined }
}

/** Every other host with a Bitbucket has a Data Center, whose API is another one. */
export const BITBUCKET_CLOUD = 'bitbucket.org'

type Place = Pick<RepositoryPlace, 'host' | 'repository' | 'api'>

/** GitHub's GraphQL endpoint next to the base of its REST API, the public one where that is empty. */
export function graphqlEndpoint(api: string): string {
  const base = (api === '' ? 'https://api.github.com' : api).replace(/\/+$/, '')
  return `${base.replace(/\/v3$/, '')}/graphql`
}

const PLACES: Readonly<
  Record<ProviderName, (address: RepositoryAddress, given: string | undefined) => Place>
> = {
  github: (address, given) => {
    const { owner, name } = ownerAndName(address.path)
    const host = address.host === 'ssh.github.com' ? 'github.com' : address.host
    const cloud = host === 'github.com' || /^[a-z0-9-]+\.ghe\.com$/.test(host)
    const derived = cloud ? `https://api.${host}` : `${originOf(address)}/api/v3`
    return { host, repository: [owner, name], api: given ?? derived }
  },
  gitlab: (address, given) => {
    const host = address.host.replace(/^altssh\.gitlab\.com$/, 'gitlab.com')
    const repository = projectPath(address.path).split('/')
    return { host, repository, api: given ?? `${originOf({ ...address, host })}/api/v4` }
  },
  gitea: placeOfGitea,
  forgejo: placeOfGitea,
  bitbucket: placeOfBitbucket,
  azure: placeOfAzure,
}

function placeOfGitea(address: RepositoryAddress, given: string | undefined): Place {
  const { owner, name } = ownerAndName(address.path)
  return { host: address.host, repository: [owner, name], api: given ?? `${originOf(address)}/api/v1` }
}

/**
 * Bitbucket Cloud at bitbucket.org, and anywhere else a Data Center: `https://host/scm/PROJECT/NAME.git`, also
 * below a path, or `ssh://git@host:7999/PROJECT/NAME.git`.
 */
function placeOfBitbucket(address: RepositoryAddress, given: string | undefined): Place {
  const host = address.host.replace(/^altssh\.(?=bitbucket\.org$)/, '')
  if (host === BITBUCKET_CLOUD) {
    const { owner, name } = ownerAndName(address.path)
    return { host, repository: [owner, name], api: given ?? 'https://api.bitbucket.org/2.0' }
  }
  const scm = address.protocol === 'ssh:' ? -1 : address.path.indexOf('scm')
  const { owner, name } = ownerAndName(address.path.slice(scm + 1))
  const root = address.path.slice(0, Math.max(scm, 0)).map((part) => encodeURIComponent(part))
  const api = given ?? [originOf(address), ...root, 'rest/api/1.0'].join('/')
  return { host, repository: [owner, name], api }
}

/**
 * `https://dev.azure.com/ORG/PROJECT/_git/NAME`, `https://ORG.visualstudio.com/PROJECT/_git/NAME`,
 * `git@ssh.dev.azure.com:v3/ORG/PROJECT/NAME`, and a server's `https://host/tfs/COLLECTION/PROJECT/_git/NAME`.
 * A project's first repository has its name, and then the URL may leave the project out.
 */
function placeOfAzure({ host, protocol, path }: RepositoryAddress, given: string | undefined): Place {
  if (protocol === 'ssh:' && path[0] === 'v3' && path.length === 4) {
    const [, organisation = '', project = '', name = ''] = path
    const api = given ?? `https://dev.azure.com/${encodeURIComponent(organisation)}`
    return { host: 'dev.azure.com', repository: [project, name], api }
  }
  const git = path.indexOf('_git')
  const name = path[git + 1]
  if (git < 0 || name === undefined) {
    throw new PullRequestError(
      'address',
      'the URL of the repository names no project and repository of Azure DevOps',
      'It should look like https://dev.azure.com/organisation/project/_git/repository',
    )
  }
  const before = path.slice(0, git)
  const shortened = host === 'dev.azure.com' ? before.length < 2 : before.length === 0
  const project = shortened ? name : (before.at(-1) ?? name)
  const root = shortened ? before : before.slice(0, -1)
  const origin = originOf({ host, protocol, path })
  const api = given ?? [origin, ...root.map((part) => encodeURIComponent(part))].join('/')
  return { host, repository: [project, name], api }
}

/** https, whatever git speaks with the repository; http only to this machine, for servers on trial. */
function originOf({ host, protocol }: RepositoryAddress): string {
  const local = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(host)
  return `${protocol === 'http:' && local ? 'http' : 'https'}://${host}`
}

function knownProvider(host: string): ProviderName | undefined {
  if (Object.hasOwn(KNOWN_HOSTS, host)) return KNOWN_HOSTS[host]
  if (/^[a-z0-9-]+\.visualstudio\.com$/.test(host)) return 'azure'
  return /^[a-z0-9-]+\.ghe\.com$/.test(host) ? 'github' : undefined
}

function givenApi(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const odd = url === undefined || url.username !== '' || url.password !== '' || url.search + url.hash !== ''
  if (odd || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new PullRequestError(
      'address',
      'the URL of the API cannot be read',
      'It should look like https://host/api/v3, without user, password or query',
    )
  }
  return url.href.replace(/\/+$/, '')
}

/** A service below a path (`https://host/gitlab/api/v4`) has it in front of its repositories as well. */
function withoutRoot(path: readonly string[], api: string): readonly string[] {
  const root = new URL(api).pathname
    .replace(/\/api\/v\d+$/, '')
    .split('/')
    .filter((part) => part !== '')
  const below = root.length > 0 && root.every((part, index) => part === path[index])
  return below ? path.slice(root.length) : path
}
