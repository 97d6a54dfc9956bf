import { UserError } from '../errors.ts'

/** A kubeconfig that cannot be read or does not hold what was asked of it. */
export class KubeconfigError extends UserError {}

/** `clusters[].cluster`; '' and false stand for absent fields, as in client-go. Paths are absolute. */
export interface ClusterEntry {
  readonly server: string
  readonly tlsServerName: string
  readonly insecureSkipTlsVerify: boolean
  readonly certificateAuthority: string
  /** base64 of PEM */
  readonly certificateAuthorityData: string
  readonly proxyUrl: string
  readonly disableCompression: boolean
  /** Extension `client.authentication.k8s.io/exec`: handed to exec plugins that ask for the cluster. */
  readonly execConfig: unknown
  /** Extension `kubectl-image-updater`: image registries that are asked over plain http when this cluster is used. */
  readonly plainHttpRegistries: readonly string[]
}

/** `users[].user` */
export interface UserEntry {
  readonly clientCertificate: string
  readonly clientCertificateData: string
  readonly clientKey: string
  readonly clientKeyData: string
  readonly token: string
  readonly tokenFile: string
  readonly username: string
  readonly password: string
  readonly impersonation: Impersonation
  readonly authProvider: AuthProvider | undefined
  readonly exec: ExecPlugin | undefined
}

/** Whom to act as; `user` '' means nobody else. */
export interface Impersonation {
  readonly user: string
  readonly uid: string
  readonly groups: readonly string[]
  readonly extra: ReadonlyMap<string, readonly string[]>
}

/** The legacy `auth-provider` of a user, `oidc` being the only one that kubectl still knows. */
export interface AuthProvider {
  readonly name: string
  readonly config: Readonly<Record<string, string>>
  /** The kubeconfig it stands in, where renewed tokens are kept. */
  readonly file: string
}

/** `users[].user.exec`: a program that prints a credential. */
export interface ExecPlugin {
  readonly apiVersion: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly installHint: string
  readonly provideClusterInfo: boolean
  readonly interactiveMode: string
}

/** `contexts[].context` */
export interface ContextEntry {
  readonly cluster: string
  readonly user: string
  readonly namespace: string
}

/** One kubeconfig file, or several merged. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, ClusterEntry>
  readonly users: ReadonlyMap<string, UserEntry>
  readonly contexts: ReadonlyMap<string, ContextEntry>
  /** '' when no file sets it. */
  readonly currentContext: string
  /** The files that were read, in order of precedence. */
  readonly files: readonly string[]
  /** What a person should know, one line each. */
  readonly warnings: readonly string[]
}

export const EMPTY_CLUSTER: ClusterEntry = {
  server: '',
  tlsServerName: '',
  insecureSkipTlsVerify: false,
  certificateAuthority: '',
  certificateAuthorityData: '',
  proxyUrl: '',
  disableCompression: false,
  execConfig: undefined,
  plainHttpRegistries: [],
}

export const NOBODY: Impersonation = { user: '', uid: '', groups: [], extra: new Map() }

export const EMPTY_USER: UserEntry = {
  clientCertificate: '',
  clientCertificateData: '',
  clientKey: '',
  clientKeyData: '',
  token: '',
  tokenFile: '',
  username: '',
  password: '',
  impersonation: NOBODY,
  authProvider: undefined,
  exec: undefined,
}
