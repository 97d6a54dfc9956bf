import { ANNOTATION_PREFIX } from './annotation-keys.ts'
import type { RuleOrigin, RuleProblem } from './update-rule.ts'

/** Far beyond what people write, far below what would take noticeable time or fill a screen. */
const MOST_ANNOTATIONS = 500
const LONGEST_KEY = 320
const LONGEST_SETTING = 4096
const LONGEST_IMAGE_LIST = 65_536
const SHOWN = 60

/**
 * Problems of annotations that no honest rule has: too many, too long, or (in a manifest on disk) not
 * text at all. Where there is one, nothing of the object is read further.
 */
export function absurdAnnotations(
  annotations: Readonly<Record<string, unknown>>,
  origin: RuleOrigin,
): RuleProblem[] {
  const ours = Object.entries(annotations).filter(([name]) => name.startsWith(ANNOTATION_PREFIX))
  const error = (key: string, value: string, problem: string, remedy: string): RuleProblem => ({
    severity: 'error',
    code: 'unreadable-annotations',
    origin,
    alias: '',
    key: key.slice(0, SHOWN),
    value: value.slice(0, SHOWN),
    problem,
    remedy,
  })
  if (ours.length > MOST_ANNOTATIONS) {
    const problem = `there are ${ours.length} annotations of the updater, more than ${MOST_ANNOTATIONS}`
    return [error('', '', problem, 'Remove those that are not needed')]
  }
  return ours.flatMap(([name, value]) => {
    const key = name.slice(ANNOTATION_PREFIX.length)
    if (typeof value !== 'string') {
      return [
        error(key, String(value), 'the value is not text', `Quote it: "${String(value).slice(0, SHOWN)}"`),
      ]
    }
    const longest = key === 'image-list' ? LONGEST_IMAGE_LIST : LONGEST_SETTING
    if (value.length <= longest && key.length <= LONGEST_KEY) return []
    return [
      error(
        key,
        value,
        `more than ${longest} characters in the value, or ${LONGEST_KEY} in the key`,
        'Shorten it',
      ),
    ]
  })
}
