import type { UserError } from '../../errors.ts'
import { PlatformError } from '../../image/platform.ts'
import { MissingTagError } from '../../policy/digest.ts'
import { GlobError } from '../../policy/glob.ts'
import { PatternError } from '../../policy/pattern.ts'
import { TagFilterError } from '../../policy/tag-filter.ts'
import { ConstraintError } from '../../version/constraint.ts'
import { CredentialSourceError } from '../credential-source.ts'
import { ImageListError } from '../image-list.ts'
import { ManifestTargetsError } from '../manifest-targets.ts'
import { PullSecretError } from '../pull-secret.ts'
import { WriteBackError } from '../write-back.ts'
import type { LintCode } from './lint-code.ts'

const CODES: readonly (readonly [new (...args: never[]) => UserError, LintCode])[] = [
  [PatternError, 'bad-pattern'],
  [GlobError, 'bad-glob'],
  [ConstraintError, 'bad-constraint'],
  [MissingTagError, 'no-tag-to-follow'],
  [PlatformError, 'bad-platform'],
  [CredentialSourceError, 'bad-credential-source'],
  [ManifestTargetsError, 'two-targets'],
  [WriteBackError, 'unknown-write-back'],
]

/** The code of an error about the value of one setting: by the part of the rules that refused it. */
export function codeOfValueError(error: UserError): LintCode {
  if (error instanceof TagFilterError) {
    return error.cause instanceof PatternError || error.cause instanceof GlobError
      ? codeOfValueError(error.cause)
      : 'allow-tags-keyword'
  }
  if (error instanceof PullSecretError) {
    return error.reason === 'namespace' ? 'cross-namespace-secret' : 'credential-from-machine'
  }
  return CODES.find(([kind]) => error instanceof kind)?.[1] ?? 'bad-value'
}

/** The code of an error about an entry of image-list, or about the whole of it. */
export function codeOfImageError(error: UserError): LintCode {
  return error instanceof ImageListError ? error.code : 'bad-image'
}
