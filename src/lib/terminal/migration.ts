import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { shellWord } from '../engine/shell-word.ts'
import { UserError } from '../errors.ts'
import type { Loss } from '../rules/migrate/carried-rules.ts'
import type { AnnotationDifference } from '../writeback/annotation-write.ts'
import { printable } from './escape.ts'

/** A loss as one line, not yet escaped. */
export function lossText({ object, alias, key, value, reason, extent }: Loss): string {
  const subject = [object, alias, key].filter((part) => part !== '').join(' ')
  return `${subject} ${JSON.stringify(value)} ${BECOMES[extent]}: ${reason}`
}

const BECOMES: Readonly<Record<Loss['extent'], string>> = {
  image: 'keeps the image from being carried over',
  rule: 'would not stay the same',
  setting: 'is not carried over',
}

/**
 * The kubectl command that changes these annotations, to be typed as it is.
 *
 * @param words that name the cluster: ` --context prod`
 * @throws UserError where a value has characters that must not be shown, since escaped it would be another
 */
export function annotateCommand(
  { metadata }: KubernetesObject,
  { set, remove }: AnnotationDifference,
  words: string,
): string {
  const changes = [
    ...Object.entries(set).map(([name, text]) => `${name}=${text}`),
    ...remove.map((name) => `${name}-`),
  ]
  const namespace = metadata.namespace ? ` --namespace ${shellWord(metadata.namespace)}` : ''
  const command = `kubectl${words} annotate applications.argoproj.io ${shellWord(metadata.name)}${namespace} --overwrite`
  const lines = [command, ...changes.map((change) => `  ${shellWord(change)}`)]
  if (lines.some((line) => printable(line) !== line)) {
    throw new UserError(
      `an annotation of ${metadata.name} would have characters that a terminal must not show`,
      'Use -o yaml',
    )
  }
  return `${lines.join(' \\\n')}\n`
}
