/** The update strategies by their current names (argocd-image-updater 1.x). */
export const STRATEGY_NAMES = ['semver', 'newest-build', 'alphabetical', 'digest'] as const
export type StrategyName = (typeof STRATEGY_NAMES)[number]

/** Spellings from before 0.14 that still mean something. */
const FORMER_NAMES: Readonly<Record<string, StrategyName>> = { latest: 'newest-build', name: 'alphabetical' }

/** What a strategy wants to know, so that registries are asked only that. */
export interface StrategyTraits {
  /** `names`: the tags alone; `dates`: when each was pushed or built; `digest`: what one tag names now. */
  readonly needs: 'names' | 'dates' | 'digest'
  /** It follows the one tag that the constraint names, so there must be one, and what is known of it ages. */
  readonly followsOneTag: boolean
}

export const STRATEGY_TRAITS: Readonly<Record<StrategyName, StrategyTraits>> = {
  semver: { needs: 'names', followsOneTag: false },
  'newest-build': { needs: 'dates', followsOneTag: false },
  alphabetical: { needs: 'names', followsOneTag: false },
  digest: { needs: 'digest', followsOneTag: true },
}

/** A strategy as written. `former`: an old spelling. `unknown`: no such strategy; the name is then the default. */
export interface WrittenStrategy {
  readonly name: StrategyName
  readonly spelling: 'current' | 'former' | 'unknown'
}

/** Reads a strategy name; case and surrounding blanks do not matter, and nothing means semver. */
export function readStrategyName(text: string): WrittenStrategy {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return { name: 'semver', spelling: 'current' }
  const current = STRATEGY_NAMES.find((name) => name === wanted)
  if (current !== undefined) return { name: current, spelling: 'current' }
  const former = Object.hasOwn(FORMER_NAMES, wanted) ? FORMER_NAMES[wanted] : undefined
  return former ? { name: former, spelling: 'former' } : { name: 'semver', spelling: 'unknown' }
}
