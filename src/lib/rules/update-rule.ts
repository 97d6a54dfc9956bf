import type { NamedSource } from '../application/source-type.ts'
import type { Platform } from '../image/platform.ts'
import type { ImageReference } from '../image/reference.ts'
import type { StrategyName } from '../policy/strategy-name.ts'
import type { TagFilter } from '../policy/tag-filter.ts'
import type { Controls } from './controls.ts'
import type { LintCode } from './lint/lint-code.ts'
import type { PullRequestService } from './pull-request-service.ts'

/** Where a rule was written, for `list`, `explain` and every error about it. */
export interface RuleOrigin {
  readonly kind: 'annotation' | 'flag' | 'image-updater'
  /** The object that carries it: `argocd/shop`; '' for flags. */
  readonly object: string
  /** Where in an ImageUpdater: `spec.applicationRefs[0].images[1]`. */
  readonly field?: string
}

/** Which field of the Application receives the image (argocd-image-updater 1.x manifest targets). */
export interface ManifestTargets {
  readonly helm?: { readonly name?: string; readonly tag?: string; readonly spec?: string }
  readonly kustomize?: { readonly name: string }
  readonly plugin?: { readonly name?: string; readonly tag?: string; readonly spec?: string }
}

/**
 * How a change is written. `application` patches the Application's spec (or restarts workloads where a
 * plain-manifest source leaves nothing to patch), `restart` always restarts, `git` commits.
 */
export type WriteBackMethod = 'application' | 'restart' | 'git'

export interface WriteBack {
  readonly method: WriteBackMethod
  /** The value as written, for messages: `argocd`, `git:secret:argocd/creds`. */
  readonly written: string
  readonly target?: string
  readonly gitBranch?: string
  readonly gitRepository?: string
  /** Which of several sources receives images; absent where its type decides. */
  readonly source?: NamedSource
  /** Changes go through a pull request at this service instead of straight to the branch. */
  readonly pullRequest?: { readonly service: PullRequestService; readonly labels: readonly string[] }
}

/**
 * One image that someone wants kept up to date: what to look for, where, and how to write it. The same
 * whether it was written as annotations, as flags or as an ImageUpdater resource.
 */
export interface UpdateRule {
  readonly origin: RuleOrigin
  /** '' when the image-list entry has none; then only app-wide settings apply to it. */
  readonly alias: string
  /** The image to follow; its `tag` is the version constraint or, for `digest`, the tag to follow. */
  readonly image: ImageReference
  readonly strategy: StrategyName
  /** Everything that drops tags by name: allow-tags, image-tag-filter, ignore-tags. */
  readonly filter: TagFilter
  /** RE2 with a named group `version`: what of the tag the strategy compares. */
  readonly tagPattern?: string
  /** Empty: the cluster's usual `linux/amd64` is not assumed; any platform will do. */
  readonly platforms: readonly Platform[]
  readonly forceUpdate: boolean
  /** A lower version is written like any other; without it, nothing is downgraded unasked. */
  readonly allowDowngrade: boolean
  readonly pinDigest: boolean
  /** Milliseconds; absent: the command's own interval. */
  readonly pollInterval?: number
  /** As written; only sources that are safe to read from a cluster object get this far. */
  readonly pullSecret?: string
  readonly targets: ManifestTargets
  readonly writeBack: WriteBack
  /** What must be respected before anything is written. */
  readonly controls: Controls
}

/** A rule that cannot be used, or something about one that a person should know. */
export interface RuleProblem {
  readonly severity: 'error' | 'warning'
  /** Its kind, stable for scripts (docs/lint.md). */
  readonly code?: LintCode
  readonly origin: RuleOrigin
  /** '' when it concerns the whole Application. */
  readonly alias: string
  /** The annotation key without prefix, `app.allow-tags`; of an ImageUpdater the path of the field. */
  readonly key: string
  readonly value: string
  /** What is wrong, and what would be right: one line each. */
  readonly problem: string
  readonly remedy: string
}

/** Everything read from one Application: rules that can run, and problems of those that cannot. */
export interface RuleSet {
  readonly rules: readonly UpdateRule[]
  readonly problems: readonly RuleProblem[]
}
