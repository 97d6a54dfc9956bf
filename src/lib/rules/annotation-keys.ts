/** Every annotation of the updater begins so; the rest is the key, with `<alias>.` in front for one image. */
export const ANNOTATION_PREFIX = 'argocd-image-updater.argoproj.io/'

/** What Kubernetes lets stand after the prefix: at most 63 characters of these. */
const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/

/** Whether a key makes the name of an annotation that the API server accepts. */
export function isAnnotationKey(key: string): boolean {
  return KEY.test(key)
}

/** Settings that one image may have, and all images of an Application together. */
export const SHARED_SETTINGS = [
  'update-strategy',
  'allow-tags',
  'ignore-tags',
  'force-update',
  'allow-downgrade',
  'pull-secret',
  'image-tag-filter',
  'image-poll-interval',
  'pin-digest',
  'tag-pattern',
  'write-back-method',
] as const

/** Settings that only make sense for one image. `tag-match` is the 0.x spelling of allow-tags. */
export const IMAGE_SETTINGS = ['platforms', 'tag-match'] as const

/** Which field of the Application receives one image. */
export const TARGET_SETTINGS = [
  'helm.image-name',
  'helm.image-tag',
  'helm.image-spec',
  'kustomize.image-name',
] as const

/** Settings of the Application as a whole. */
export const APPLICATION_SETTINGS = [
  'image-list',
  'write-back-target',
  'git-branch',
  'git-repository',
  'pull-request',
  'source-name',
  'source-index',
] as const

/**
 * What an operator, or whoever wrote the rule, wants respected before anything is written. They are read from
 * the Application whatever its rules come from: an ImageUpdater has no fields for them.
 */
export const CONTROL_SETTINGS = [
  'min-age',
  'max-bump',
  'update-window',
  'after',
  'hold',
  'hold-until',
  'hold-reason',
  'hold-by',
  'skip-tags',
] as const

export type SettingName =
  | (typeof SHARED_SETTINGS)[number]
  | (typeof CONTROL_SETTINGS)[number]
  | (typeof IMAGE_SETTINGS)[number]
  | (typeof TARGET_SETTINGS)[number]

/** Keys whose misspelling must not leave an image unprotected. */
const PROTECTING = new Set([
  'min-age',
  'max-bump',
  'update-window',
  'after',
  'hold',
  'hold-until',
  'skip-tags',
])

/** Whether a setting keeps images from being updated, so that it must not be passed over. */
export function protectsImages(setting: string): boolean {
  return PROTECTING.has(setting)
}

/** Whether a setting says how far an image may be updated rather than what its rule is. */
export function isControl(setting: string): boolean {
  return (CONTROL_SETTINGS as readonly string[]).includes(setting)
}

/** Keys that may stand after `<alias>.`. */
export const KEYS_OF_AN_IMAGE: readonly string[] = [
  ...SHARED_SETTINGS,
  ...IMAGE_SETTINGS,
  ...TARGET_SETTINGS,
  ...CONTROL_SETTINGS,
]

/** Keys that may stand alone. */
export const KEYS_OF_AN_APPLICATION: readonly string[] = [
  ...APPLICATION_SETTINGS,
  ...SHARED_SETTINGS,
  ...CONTROL_SETTINGS,
]

/** Characters of the longest key that may stand after an alias, with the dot between. */
export const IMAGE_KEYS_LONGEST = 1 + Math.max(...KEYS_OF_AN_IMAGE.map((key) => key.length))
