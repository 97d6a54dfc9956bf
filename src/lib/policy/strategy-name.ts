/** The update strategies by their current names (argocd-image-updater 1.x). */
export const STRATEGY_NAMES = ['semver', 'newest-build', 'alphabetical', 'digest'] as const
export type StrategyName = (typeof STRATEGY_NAMES)[number]
