import { byTextDescending } from './strategy.ts'
import type { ComparedPart } from './tag-pattern.ts'

/** How a version is spelt in a tag: `app-v1.2-alpine` is `app-`, a `v`, two numbers and `-alpine`. */
interface TagStyle {
  readonly prefix: string
  readonly leadingV: boolean
  readonly numbers: number
  readonly suffix: string
}

const VERSION = /^(v?)([0-9]+(?:\.[0-9]+)*)(.*)$/s

/**
 * The order of tags that name one version, such as `1.0`, `1.0.0` and `v1.0.0`: the running tag before all
 * others, then those spelt most like it, then the greatest text. It is the same whatever the order of the
 * listing, and the tag it puts first stays first once it runs, so that an answer never flaps.
 *
 * @param running the tag that runs, '' where none does; one that is no version has no spelling to follow
 */
export function bySpelling(running: string, part: ComparedPart): (a: string, b: string) => number {
  if (running === '') return byTextDescending
  const wanted = styleOf(running, part)
  const likeness = (tag: string): number => {
    if (tag === running) return 5
    if (wanted.numbers === 0) return 0
    const style = styleOf(tag, part)
    return [
      style.prefix === wanted.prefix,
      style.leadingV === wanted.leadingV,
      style.numbers === wanted.numbers,
      style.suffix === wanted.suffix,
    ].filter(Boolean).length
  }
  return (a, b) => likeness(b) - likeness(a) || byTextDescending(a, b)
}

/** Of a tag outside the tag-pattern, all of it is looked at. */
function styleOf(tag: string, part: ComparedPart): TagStyle {
  const text = part(tag) ?? tag
  const start = tag.indexOf(text)
  const [, v = '', numbers = '', rest = ''] = VERSION.exec(text) ?? []
  return {
    leadingV: v !== '',
    numbers: numbers === '' ? 0 : numbers.split('.').length,
    prefix: tag.slice(0, start),
    suffix: rest + tag.slice(start + text.length),
  }
}
