import { UserError } from '../errors.ts'

/** Where a registry credential is to be found, as argocd-image-updater writes it. */
export type CredentialSource =
  | {
      readonly type: 'pullsecret'
      readonly registry: string
      readonly namespace: string
      readonly name: string
    }
  | {
      readonly type: 'secret'
      readonly registry: string
      readonly namespace: string
      readonly name: string
      readonly field: string
    }
  | { readonly type: 'env'; readonly registry: string; readonly variable: string }
  | { readonly type: 'ext'; readonly registry: string; readonly path: string }

/** `reason`: which part of the grammar was broken. */
export class CredentialSourceError extends UserError {
  readonly reason: 'bad-shape' | 'unknown-type' | 'bad-secret-definition'

  constructor(reason: CredentialSourceError['reason'], message: string) {
    super(
      message,
      'Write pullsecret:<namespace>/<name> or secret:<namespace>/<name>#<field>, the namespace being the Application’s own',
    )
    this.reason = reason
  }
}

/**
 * Reads `[registry=]type:definition`. The type is one of pullsecret, secret, env and ext in any case; there
 * is exactly one `:` after the optional registry, which may hold a port. Whether a source may be used
 * depends on who wrote it, and is not decided here.
 *
 * @throws CredentialSourceError when the text does not fit the grammar.
 */
export function parseCredentialSource(text: string): CredentialSource {
  const equals = text.indexOf('=')
  const registry = text.slice(0, Math.max(equals, 0))
  const [type = '', definition = '', ...more] = (equals > 0 ? text.slice(equals + 1) : text).split(':')
  if (type === '' || definition === '' || more.length > 0) {
    throw broken('bad-shape', text, 'it is not type:definition')
  }
  switch (type.toLowerCase()) {
    case 'pullsecret':
      return { type: 'pullsecret', registry, ...secretName(definition, text) }
    case 'secret': {
      const [secret = '', field = '', ...fields] = definition.split('#')
      if (field === '' || fields.length > 0) {
        throw broken('bad-secret-definition', text, 'it names no field of the secret')
      }
      return { type: 'secret', registry, ...secretName(secret, text), field }
    }
    case 'env':
      return { type: 'env', registry, variable: definition }
    case 'ext':
      return { type: 'ext', registry, path: definition }
    default:
      throw broken('unknown-type', text, `"${type}" is no kind of credential source`)
  }
}

function secretName(definition: string, text: string): { namespace: string; name: string } {
  const [namespace = '', name = '', ...more] = definition.split('/')
  if (namespace === '' || name === '' || more.length > 0) {
    throw broken('bad-secret-definition', text, 'a secret is named namespace/name')
  }
  return { namespace, name }
}

function broken(reason: CredentialSourceError['reason'], text: string, why: string): CredentialSourceError {
  return new CredentialSourceError(reason, `"${text}" is not a credential source: ${why}`)
}
