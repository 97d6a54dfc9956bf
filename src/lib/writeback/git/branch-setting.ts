import { UserError } from '../../errors.ts'

export class BranchSettingError extends UserError {}

/** Characters; a branch name has 255 bytes, and a template for one needs little more. */
const LONGEST = 4096

/** The two halves of `git-branch`. */
export interface BranchSetting {
  /** The branch to start from; '' leaves it to the Application's source. */
  readonly base: string
  /** A template for the branch that is pushed; absent where that is the base. */
  readonly write?: string
}

/**
 * Reads `base`, `base:write` or `:write`. The first colon that stands outside of `{{ }}` parts them, so a
 * template may contain one: `main:update-{{ printf "%s:%s" .AppNamespace .AppName }}`.
 *
 * @throws BranchSettingError for a template as base, for nothing or another colon behind the colon, and for a text
 * that is too long
 */
export function parseBranchSetting(text: string): BranchSetting {
  if (text.length > LONGEST) throw new BranchSettingError(`git-branch is longer than ${LONGEST} characters`)
  const colon = colonOutside(text)
  const base = (colon < 0 ? text : text.slice(0, colon)).trim()
  if (base.includes('{{')) {
    throw new BranchSettingError(
      `"${text}": the branch to start from is no template`,
      `Write a colon before the template, ":${text}", to push to a branch of that name`,
    )
  }
  if (colon < 0) return { base }
  const write = text.slice(colon + 1).trim()
  if (write === '')
    throw new BranchSettingError(`"${text}" names no branch behind the colon`, 'Leave the colon out')
  if (colonOutside(write) >= 0)
    throw new BranchSettingError(`"${text}" has more than two parts`, 'Write base, base:write or :write')
  return { base, write }
}

/** Actions are skipped with the texts in them, which may contain colons and braces. */
function colonOutside(text: string): number {
  const outside = text.replace(/\{\{(?:"(?:[^"\\]|\\.)*"|`[^`]*`|(?!\}\})[^"`])*(?:\}\}|$)/g, (action) =>
    ' '.repeat(action.length),
  )
  return outside.indexOf(':')
}
