import { splitImageListEntry } from '../../image/image-list-entry.ts'
import { ANNOTATION_PREFIX, isAnnotationKey } from '../annotation-keys.ts'
import type { AnnotatedObject } from '../annotations.ts'
import type { RuleOrigin } from '../update-rule.ts'
import type { LintFinding } from './finding.ts'

/** The shortest key that an image can have. */
const SHORTEST_SETTING = 'platforms'

/** What of the annotations is legal, read, and still not as it was meant to be. */
export function annotationSpelling({ metadata }: AnnotatedObject): LintFinding[] {
  const { name, namespace = '' } = metadata
  const origin: RuleOrigin = { kind: 'annotation', object: namespace === '' ? name : `${namespace}/${name}` }
  const ours = Object.entries(metadata.annotations ?? {}).filter(
    ([key, value]) => key.startsWith(ANNOTATION_PREFIX) && typeof value === 'string',
  )
  return ours.flatMap(([fullName, value]) => {
    const key = fullName.slice(ANNOTATION_PREFIX.length)
    const blanks = value.trim() === value ? [] : [strayBlanks(origin, key, value)]
    return key === 'image-list' ? [...blanks, ...aliasesOutsideKeys(origin, value)] : blanks
  })
}

function strayBlanks(origin: RuleOrigin, key: string, value: string): LintFinding {
  return {
    severity: 'info',
    code: 'stray-blanks',
    origin,
    alias: '',
    key,
    value,
    problem: 'there are blanks around the value; argocd-image-updater before 1.0 takes them for a part of it',
    remedy: `Write ${JSON.stringify(value.trim())}`,
  }
}

function aliasesOutsideKeys(origin: RuleOrigin, list: string): LintFinding[] {
  const aliases = list.split(',').map((entry) => splitImageListEntry(entry).alias)
  return aliases
    .filter((alias) => alias !== '' && !isAnnotationKey(`${alias}.${SHORTEST_SETTING}`))
    .map((alias) => ({
      severity: 'warning',
      code: 'alias-not-a-key',
      origin,
      alias,
      key: 'image-list',
      value: alias,
      problem: `the alias "${alias}" cannot stand in the name of an annotation: no key can be written for this image`,
      remedy: 'Use letters, digits, ".", "_" and "-", beginning with a letter or digit, and keep it short',
    }))
}
