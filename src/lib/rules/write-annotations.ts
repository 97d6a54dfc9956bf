import { UserError } from '../errors.ts'
import { parseImageListEntry, splitImageListEntry } from '../image/image-list-entry.ts'
import { parseImageReference, repositoryName, sameRepository } from '../image/reference.ts'
import { ANNOTATION_PREFIX, isAnnotationKey } from './annotation-keys.ts'
import { type AnnotatedObject, readAnnotationRules } from './annotations.ts'
import { answeredKeys, type RuleAnswers } from './rule-answers.ts'
import type { RuleProblem } from './update-rule.ts'
import type { Annotations } from './written-settings.ts'

/** Annotations to put and to take away, by full name; nothing that stays as it is. */
export interface AnnotationChange {
  readonly set: Readonly<Record<string, string>>
  readonly remove: readonly string[]
  /** What a reader of the result would be warned of. */
  readonly warnings: readonly RuleProblem[]
}

export class RuleAnswersError extends UserError {}

/**
 * The smallest change to an Application's annotations that makes `answers` its rule for one image. Other
 * entries of the image-list keep every byte. The result is read back before it is returned.
 *
 * @throws RuleAnswersError when the rule would not be usable; ImageReferenceError for a malformed image.
 */
export function writeAnnotations(object: AnnotatedObject, answers: RuleAnswers): AnnotationChange {
  const before = object.metadata.annotations ?? {}
  const set: Record<string, string> = {}
  const remove: string[] = []
  for (const [key, text] of wantedKeys(before, answers)) {
    if (!isAnnotationKey(key)) throw unusableAlias(answers.alias, key)
    const name = `${ANNOTATION_PREFIX}${key}`
    if (text === '' && Object.hasOwn(before, name)) remove.push(name)
    if (text !== '' && before[name] !== text) set[name] = text
  }
  const after = { ...before, ...set }
  for (const name of remove) delete after[name]
  return { set, remove, warnings: readBack(object, after, answers.alias) }
}

/** Every key the answers speak of and the text it should have; '' for none. */
function wantedKeys(before: Annotations, answers: RuleAnswers): [key: string, text: string][] {
  const list = imageList(before[`${ANNOTATION_PREFIX}image-list`] ?? '', answers)
  return [['image-list', list], ...answeredKeys(answers)]
}

/** The list with the entry of this alias, or an entry without alias for the same repository, replaced. */
function imageList(before: string, { alias, image, constraint }: RuleAnswers): string {
  const reference = parseImageReference(image)
  const range = (constraint ?? reference.tag).trim().replace(/\s*,\s*/g, ' ')
  const wanted = `${alias}=${repositoryName(reference)}${range === '' ? '' : `:${range}`}`
  const pieces = before.trim() === '' ? [] : before.split(',')
  const own = pieces.findIndex((piece) => splitImageListEntry(piece).alias === alias)
  const anonymous = pieces.findIndex((piece) => isAnonymousEntryOf(piece, image))
  const place = own >= 0 ? own : anonymous
  if (place < 0)
    return [
      ...pieces.filter((piece, index) => piece.trim() !== '' || index < pieces.length - 1),
      wanted,
    ].join(',')
  if (pieces[place]?.trim() === wanted) return before
  return pieces.with(place, wanted).join(',')
}

function isAnonymousEntryOf(piece: string, image: string): boolean {
  try {
    const entry = parseImageListEntry(piece)
    return entry.alias === '' && sameRepository(entry.image, parseImageReference(image))
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

function readBack(object: AnnotatedObject, annotations: Annotations, alias: string): RuleProblem[] {
  const { problems, rules } = readAnnotationRules({ metadata: { ...object.metadata, annotations } })
  const ours = problems.filter((problem) => problem.alias === alias || problem.alias === '')
  if (rules.some((rule) => rule.alias === alias)) return ours.filter(({ severity }) => severity === 'warning')
  const error = ours.find(({ severity }) => severity === 'error')
  throw new RuleAnswersError(
    `the rule for "${alias}" would not work: ${error?.key ?? 'image-list'}: ${error?.problem ?? 'it cannot be read'}`,
    error?.remedy,
  )
}

function unusableAlias(alias: string, key: string): RuleAnswersError {
  return new RuleAnswersError(
    `the alias "${alias}" cannot be used: "${key}" is not the name of an annotation`,
    'Use letters, digits, ".", "_" and "-", beginning with a letter or digit, and keep it short',
  )
}
