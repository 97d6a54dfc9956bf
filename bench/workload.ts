import type { Platform } from '../src/lib/image/platform.ts'
import type { StrategyName } from '../src/lib/policy/strategy-name.ts'

/** How much there is to check. */
export interface Scale {
  readonly applications: number
  readonly repositories: number
  /** In each repository. */
  readonly tags: number
}

export const DEFAULT_SCALE: Scale = { applications: 200, repositories: 50, tags: 500 }

/** The strategies measured: one that needs names only, one that needs the build date of every tag. */
export const STRATEGIES = ['semver', 'newest-build'] as const satisfies readonly StrategyName[]
export type MeasuredStrategy = (typeof STRATEGIES)[number]

/**
 * The passes measured: knowing nothing; the next cycle of the same process; a new process, which knows only
 * what the first left on disk.
 */
export const PASSES = ['first run', 'next cycle', 'next run'] as const
export type Pass = (typeof PASSES)[number]

/** Every image is for one platform: a manifest and a configuration, no index. */
export const PLATFORMS: readonly Platform[] = [{ os: 'linux', architecture: 'amd64', variant: '' }]

/** A tag as the registry is filled with it. */
export interface PlannedTag {
  readonly name: string
  readonly createdAt: Date
}

export interface PlannedRepository {
  readonly name: string
  readonly tags: readonly PlannedTag[]
}

const FIRST_BUILD = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

/**
 * The repositories, the same at every run. Every tag of every repository is an image of its own (no two share
 * a build date), as where each is a build: nothing can be saved by two repositories holding equal content.
 */
export function planRepositories(scale: Scale): PlannedRepository[] {
  return Array.from({ length: scale.repositories }, (_, repository) => ({
    name: repositoryName(repository),
    tags: Array.from({ length: scale.tags }, (_, build) => ({
      name: tagName(build),
      createdAt: new Date(FIRST_BUILD + build * HOUR + repository),
    })),
  }))
}

/** `team/service-07` */
export function repositoryName(index: number): string {
  return `team/service-${String(index).padStart(2, '0')}`
}

/** `1.49.9` is the five hundredth build. */
export function tagName(build: number): string {
  return `1.${Math.floor(build / 10)}.${build % 10}`
}
