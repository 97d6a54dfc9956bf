import type { Application } from '../application/application.ts'
import { proxyFromEnvironment } from '../cluster/proxy-environment.ts'
import { projectOf, type RepositoryReader } from '../cluster/repositories.ts'
import type { SecretReader } from '../cluster/secrets.ts'
import type { GitTls } from '../git/access.ts'
import { type FoundGitAccess, withoutPrinting } from '../git/credentials/git-access.ts'
import { GitCredentialError } from '../git/credentials/git-credential-error.ts'
import { gitHubApi } from '../git/credentials/github-api.ts'
import type { GitHubAppTokens } from '../git/credentials/github-app-token.ts'
import { readSecretLogin, type SecretLogin } from '../git/credentials/secret-login.ts'
import { portOf } from '../git/credentials/url-scope.ts'
import { parseRepositoryUrl, type RepositoryUrl } from '../git/repository-url.ts'
import { checkRepositoryHost } from '../git/url-policy.ts'
import { classifyAddress } from '../registry/host-policy.ts'
import { parseGitCredentials } from '../rules/git-credentials.ts'
import type { WriteBack } from '../rules/update-rule.ts'
import { findAuthority, findKnownHosts } from './git-trust.ts'
import { readNamedSecret } from './named-git-secret.ts'
import { findRepositorySecret, type GitSecret } from './repository-credential.ts'

export interface GitAccessOptions {
  readonly repositories: RepositoryReader
  readonly secrets: SecretReader
  readonly tokens: GitHubAppTokens
  /**
   * `local`: the operator's own git setup for every repository, whatever a rule names. `argocd`: what the rule
   * names. Neither takes the place of the other by itself: a push would be made in another's name.
   */
  readonly credentials: 'argocd' | 'local'
  /** Whether rules may name Secrets of other namespaces than the Application's. */
  readonly anyNamespace: boolean
  /** Hosts that the operator vouches for, as `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
}

/** Finds with what repositories are reached. Everything is read once a cycle; GitHub's tokens last longer. */
export class GitAccessFinder {
  readonly #options: GitAccessOptions

  constructor(options: GitAccessOptions) {
    this.#options = options
  }

  /**
   * @param url of the repository that is written to: `git-repository`, or the source's own
   * @throws UserError: there is no credential for this URL, or it must not be sent there
   */
  async find(
    { written }: Pick<WriteBack, 'written'>,
    application: Application,
    url: string,
  ): Promise<FoundGitAccess> {
    const { credentials, repositories, secrets, anyNamespace } = this.#options
    const repository = parseRepositoryUrl(url)
    this.#checkTransport(repository)
    checkRepositoryHost(repository, this.#options.allowedHosts)
    if (credentials === 'local') return { kind: 'local', source: 'your own git setup' }
    const namespace = application.metadata.namespace || 'argocd'
    const wanted = parseGitCredentials(written, namespace, anyNamespace)
    const claimant = { namespace, project: projectOf(application) }
    const secret =
      wanted.kind === 'secret'
        ? await readNamedSecret(secrets, repositories, wanted, repository, claimant)
        : await findRepositorySecret(repositories, repository, claimant)
    return this.#access(secret, repository)
  }

  /** Reads Secrets and ConfigMaps of repositories anew. The Secrets that rules name are the caller's reader's. */
  newCycle(): void {
    this.#options.repositories.newCycle()
  }

  async #access({ fields, namespace, source }: GitSecret, url: RepositoryUrl): Promise<FoundGitAccess> {
    const read = readSecretLogin(fields, url, source)
    const { repositories } = this.#options
    const proxy = proxyOf(read, url.href)
    const common = { source, ...(proxy !== '' && { proxy }) }
    const { login } = read
    if (login.kind === 'ssh') {
      const knownHosts = await findKnownHosts(repositories, namespace, url)
      return silent({ ...login, knownHosts, ...common })
    }
    const tls: GitTls = { ...(await this.#authority(namespace, url.host)), ...read.clientCertificate }
    const rest = { ...common, ...(Object.keys(tls).length > 0 && { tls }) }
    if (login.kind !== 'github-app') return silent({ ...login, ...rest })
    const baseUrl = gitHubApi(login.baseUrl, url, source)
    const route = {
      ...(await this.#authority(namespace, bareHost(baseUrl))),
      ...read.clientCertificate,
      proxy: proxyOf(read, baseUrl),
    }
    const password = await this.#options.tokens.token({ ...login, baseUrl }, route, source)
    return silent({ kind: 'basic', username: 'x-access-token', password, ...rest })
  }

  async #authority(namespace: string, host: string): Promise<GitTls> {
    const ca = await findAuthority(this.#options.repositories, namespace, host)
    return ca === undefined ? {} : { ca }
  }

  /** Plain http shows every password to the network; only this machine is none. */
  #checkTransport(url: RepositoryUrl): void {
    if (url.transport !== 'http') return
    const host = url.host.includes(':') ? `[${url.host}]` : url.host
    const withPort = `${host}:${portOf(url)}`
    const isLoopback = url.host === 'localhost' || classifyAddress(url.host) === 'loopback'
    const vouched = this.#options.allowedHosts.some((entry) => [host, withPort].includes(entry.toLowerCase()))
    if (isLoopback && vouched) return
    throw new GitCredentialError(
      `no credential is sent to http://${withPort}: plain http shows it to everyone on the way`,
      isLoopback
        ? `If it is yours, add --allow-git-host ${withPort}`
        : 'Use the https address of the repository',
    )
  }
}

function proxyOf({ proxy, noProxy }: SecretLogin, url: string): string {
  if (proxy === '') return ''
  return proxyFromEnvironment(url, { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: noProxy })
}

function bareHost(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '')
}

function silent(access: FoundGitAccess): FoundGitAccess {
  return withoutPrinting(access, { kind: access.kind, source: access.source })
}
