import { UserError } from '../errors.ts'
import { type ImageListEntry, parseImageListEntry } from '../image/image-list-entry.ts'
import { type ImageReference, repositoryName } from '../image/reference.ts'
import type { LintCode } from './lint/lint-code.ts'

/** An entry as written, and what it says, or why it cannot be read. */
export type ReadEntry =
  | { readonly text: string; readonly entry: ImageListEntry }
  | { readonly text: string; readonly error: UserError }

/** An Application runs a handful of images; a longer list is a mistake or an attack. */
const MOST_ENTRIES = 500
/** A private ECR host: the account, then the region. */
const ECR_HOST =
  /^([0-9]+)\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.(?:aws|amazonwebservices\.com\.cn))$/

/** How the second half of `>=1.0, <2.0` begins, once the list was split at its commas. */
const CONSTRAINT_PART = /^(?:[<>!~^|]|=[<>])/

export class ImageListError extends UserError {
  readonly code: LintCode

  constructor(message: string, remedy: string, code: LintCode = 'bad-image') {
    super(message, remedy)
    this.code = code
  }
}

/**
 * Splits an `image-list` at its commas and reads each entry; blank ones are skipped. An entry that cannot be
 * read does not disturb the others.
 *
 * @throws ImageListError when there is no entry at all, or far too many.
 */
export function readImageList(text: string): ReadEntry[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.length === 0) {
    throw new ImageListError(
      'the image-list is empty',
      'Write alias=registry/repository, or remove the annotation',
    )
  }
  if (entries.length > MOST_ENTRIES) {
    throw new ImageListError(
      `the image-list has ${entries.length} entries, more than ${MOST_ENTRIES}`,
      'Shorten it',
    )
  }
  const aliases = new Set<string>()
  return entries.map((entryText, index): ReadEntry => {
    try {
      if (CONSTRAINT_PART.test(entryText) || CONSTRAINT_PART.test(entries[index + 1] ?? ''))
        throw commaInConstraint(entryText)
      const entry = parseImageListEntry(entryText)
      if (entry.alias !== '' && aliases.has(entry.alias)) {
        const problem = `the alias "${entry.alias}" is used for two images`
        throw new ImageListError(problem, 'Give every image its own alias', 'duplicate-alias')
      }
      aliases.add(entry.alias)
      return { text: entryText, entry }
    } catch (error) {
      if (error instanceof UserError) return { text: entryText, error }
      throw error
    }
  })
}

/** Half a constraint would allow more than its author wanted, so neither half is used. */
function commaInConstraint(entryText: string): ImageListError {
  return new ImageListError(
    `a comma separates images, so the constraint at "${entryText}" is torn in two`,
    'Separate the parts of a constraint by a blank: app=repo:>=1.0 <2.0',
    'comma-in-constraint',
  )
}

/** What is strange about the account number of a private ECR host; undefined for all other images. */
export function ecrAccountProblem(image: ImageReference): string | undefined {
  const account = ECR_HOST.exec(image.registry)?.[1]
  if (account === undefined || account.length === 12) return undefined
  return `"${repositoryName(image)}" looks like ECR, but its account id has ${account.length} digits instead of 12`
}
