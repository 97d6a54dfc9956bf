import { UserError } from '../errors.ts'
import { parseCredentialSource } from './credential-source.ts'
import type { RuleOrigin } from './update-rule.ts'

/** `reason`: what the source would have reached for. */
export class PullSecretError extends UserError {
  readonly reason: 'machine' | 'namespace'

  constructor(reason: PullSecretError['reason'], message: string, remedy: string) {
    super(message, remedy)
    this.reason = reason
  }
}

/**
 * Refuses credential sources that must not come from a cluster object. Whoever may annotate an Application
 * would otherwise run programs on the operator's machine (`ext:`), read its environment (`env:`), or reach
 * Secrets of other namespaces with the operator's rights. The check works on what was parsed, because a
 * registry prefix or another case of the type must not get around it.
 *
 * @param namespace of the object that carries the rule; '' when not known, as for a manifest without one, or when Secrets of every namespace are allowed.
 * @returns true; everything else is thrown.
 * @throws PullSecretError or CredentialSourceError.
 */
export function checkPullSecret(text: string, origin: RuleOrigin, namespace: string): true {
  const source = parseCredentialSource(text)
  if (source.type === 'env' || source.type === 'ext') {
    const danger = source.type === 'ext' ? 'run a program on' : 'read the environment of'
    throw new PullSecretError(
      'machine',
      `"${text}" would ${danger} your machine, which ${origin.object || 'a rule'} may not ask for`,
      'Remove it, and keep the credential in your Docker configuration',
    )
  }
  if (namespace !== '' && source.namespace !== namespace) {
    throw new PullSecretError(
      'namespace',
      `"${text}" names a secret of namespace "${source.namespace}", and the Application is in "${namespace}"`,
      `Copy the secret to namespace "${namespace}" and name it there, or allow it with --allow-cross-namespace-secrets`,
    )
  }
  return true
}
