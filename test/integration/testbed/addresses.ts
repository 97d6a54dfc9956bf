/** Where the running components are and how to get in: everything that a test needs, as plain JSON. */
export interface TestbedAddresses {
  readonly kubernetes: KubernetesAddress
  readonly registries: {
    /** HTTP, no authentication. */
    readonly open: RegistryAddress
    /** HTTP with a user name and a password (htpasswd). */
    readonly basic: RegistryAddress
    /** HTTPS with tokens from a token server; anonymous clients get pull tokens. */
    readonly token: RegistryAddress
  }
  readonly ecr: EcrAddress
}

export interface KubernetesAddress {
  /** `https://127.0.0.1:port` */
  readonly server: string
  /** `v1.20.2` */
  readonly version: string
  /** Contexts `admin` (current; client certificate, may do everything), `dev` and `viewer` (tokens, may do
   * nothing until a test grants it); namespace `argocd`, which exists. */
  readonly kubeconfig: string
  readonly caFile: string
  readonly adminCertificateFile: string
  readonly adminKeyFile: string
  /** User names are `dev` and `viewer`, their groups `developers` and `viewers`. */
  readonly tokens: { readonly dev: string; readonly viewer: string }
}

export interface RegistryAddress {
  /** `127.0.0.1:port`, as it stands in an image reference. */
  readonly host: string
  /** `http://…` or `https://…` of the same host. */
  readonly url: string
  /** '' where none are needed. */
  readonly username: string
  readonly password: string
  /** The certificate authority of an HTTPS registry; '' for HTTP. */
  readonly caFile: string
}

export interface EcrAddress {
  readonly endpoint: string
  readonly region: string
  readonly accountId: string
  /** `111111111111.dkr.ecr.us-east-1.amazonaws.com`, as it stands in an image reference. */
  readonly host: string
  /** What makes the AWS SDK, in any process, talk to the emulator and nothing else. */
  readonly env: Readonly<Record<string, string>>
}

declare module 'vitest' {
  interface ProvidedContext {
    testbed: TestbedAddresses
  }
}
