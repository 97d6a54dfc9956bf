/** What proves to the API server who is asking; '' for what is not used. */
export interface Credential {
  /** Value of the Authorization header. */
  readonly authorization: string
  /** PEM of a client certificate and its key. */
  readonly certificate: string
  readonly key: string
}

export const ANONYMOUS: Credential = { authorization: '', certificate: '', key: '' }

/** Yields the credential for the next request, from memory where it is still good. */
export interface CredentialSource {
  current(): Promise<Credential>
  /**
   * The server answered 401 to `rejected`. Forgets it, so that the next {@link current} looks anew.
   * @returns whether looking anew can make a difference.
   */
  reject(rejected: Credential): boolean
}

/** A credential that never changes, such as a token or a certificate written in the kubeconfig. */
export function fixedCredential(credential: Credential): CredentialSource {
  return { current: async () => credential, reject: () => false }
}
