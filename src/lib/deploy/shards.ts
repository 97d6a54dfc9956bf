import { UserError } from '../errors.ts'
import { type LabelRequirement, labelRequirements } from '../manifests/label-selector.ts'

/** A part of the Applications, as the operator divides them. */
export interface ShardSelector {
  readonly name: string
  readonly selector: string
}

/** `--shard` that cannot be read. */
export class ShardError extends UserError {}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/

/**
 * Reads `NAME=SELECTOR` each: `web=team=web`, `rest=team notin (web, api)`.
 *
 * @throws ShardError, also for a name that is given twice; SelectorError
 */
export function parseShards(texts: readonly string[]): ShardSelector[] {
  const shards = texts.map(parseShard)
  const names = shards.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new ShardError(`--shard ${twice} is given twice`, 'Give each a name of its own')
  return shards
}

function parseShard(text: string): ShardSelector {
  const equals = text.indexOf('=')
  const [name, selector] = [text.slice(0, Math.max(equals, 0)), text.slice(equals + 1).trim()]
  if (!NAME.test(name) || selector === '') {
    throw new ShardError(
      `--shard "${text}" is not NAME=SELECTOR`,
      'Write a name of lower case letters, digits and dashes, and a label selector: web=team=web',
    )
  }
  labelRequirements(selector)
  return { name, selector }
}

/** Pairs of shards of which no label says that they have nothing in common. */
export function possibleOverlaps(
  shards: readonly ShardSelector[],
): (readonly [ShardSelector, ShardSelector])[] {
  return shards.flatMap((one, index) =>
    shards
      .slice(index + 1)
      .filter((other) => !excludeEachOther(one.selector, other.selector))
      .map((other) => [one, other] as const),
  )
}

function excludeEachOther(one: string, other: string): boolean {
  const others = labelRequirements(other)
  return labelRequirements(one).some((a) =>
    others.some((b) => a.key === b.key && (contradicts(a, b) || contradicts(b, a))),
  )
}

function contradicts(a: LabelRequirement, b: LabelRequirement): boolean {
  if (b.operator === 'absent') return a.operator === 'exists' || a.operator === 'in'
  if (a.operator !== 'in') return false
  if (b.operator === 'in') return a.values.isDisjointFrom(b.values)
  return b.operator === 'notin' && a.values.isSubsetOf(b.values)
}
