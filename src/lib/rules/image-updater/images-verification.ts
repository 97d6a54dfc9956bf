import type { RuleOrigin, RuleProblem } from '../update-rule.ts'
import type { ResourceField } from './resource-field.ts'

/** The field that wants signatures to be verified; undefined when none does. */
export type Verification = { readonly key: string } | undefined

/**
 * Reads `imagesVerification`; a block that does not say `enabled: false` is enabled. One that cannot be read
 * counts as enabled, and its fault is noted.
 *
 * @param otherwise what holds where the block is absent
 */
export function readVerification(field: ResourceField, otherwise: Verification): Verification {
  if (field.absent) return otherwise
  const parts = field.members(['enabled', 'cosignKey'])
  parts?.cosignKey.members(['secretName', 'key'])
  return parts?.enabled.flag() === false ? undefined : { key: field.path }
}

/** Why an image is not updated: this version cannot verify, and an unverified image must not be deployed. */
export function verificationProblem(
  verification: Verification,
  rule: { readonly origin: RuleOrigin; readonly alias: string },
): RuleProblem | undefined {
  if (verification === undefined) return undefined
  return {
    severity: 'error',
    origin: rule.origin,
    alias: rule.alias,
    key: verification.key,
    value: 'enabled',
    problem:
      'images must have a verified signature, and this version cannot verify any: the image is not updated',
    remedy: `Leave it to argocd-image-updater, or set ${verification.key}.enabled to false if it may be updated unverified`,
  }
}
