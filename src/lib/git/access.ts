/** How a repository is entered. `local` leaves it to the operator's own git: their helpers, agent and keys. */
export type GitCredential =
  | { readonly kind: 'local' }
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  /** `knownHosts`: lines of an OpenSSH known_hosts file; a host that is not among them is not talked to. */
  | { readonly kind: 'ssh'; readonly privateKey: string; readonly knownHosts: string }

/** PEM texts for one server. Verification itself cannot be switched off. */
export interface GitTls {
  /** Trusted instead of the system's authorities. */
  readonly ca?: string
  readonly clientCertificate?: string
  readonly clientKey?: string
}

/** A credential with what its connection needs besides. */
export type GitAccess = GitCredential & {
  readonly tls?: GitTls
  /** `http://host:port`, may carry user and password; for HTTPS only. */
  readonly proxy?: string
}

/** Whose access this is, without its secrets: two that differ here share no clone. */
export function accessIdentity(access: GitAccess): string {
  return access.kind === 'basic' ? `basic ${access.username}` : access.kind
}

/** Every text of an access that must never be seen, longest first; what is too short to be a secret is left out. */
export function accessSecrets(access: GitAccess): string[] {
  const secrets = access.tls?.clientKey ? [access.tls.clientKey] : []
  if (access.kind === 'basic') {
    const encoded = Buffer.from(`${access.username}:${access.password}`).toString('base64')
    secrets.push(access.password, encodeURIComponent(access.password), encoded)
  } else if (access.kind === 'bearer') {
    secrets.push(access.token)
  } else if (access.kind === 'ssh') {
    secrets.push(access.privateKey)
  }
  if (access.proxy !== undefined && URL.canParse(access.proxy)) {
    const { password } = new URL(access.proxy)
    secrets.push(password, decodeURIComponent(password))
  }
  return secrets.filter((secret) => secret.length > 2).sort((a, b) => b.length - a.length)
}
