import { formatImageListEntry } from '../../image/image-list-entry.ts'
import { ANNOTATION_PREFIX, type SettingName } from '../annotation-keys.ts'
import { type CarriedImage, type CarriedRules, type Loss, objectName } from './carried-rules.ts'

/** The part after the prefix of an annotation's name (Kubernetes: at most 63 characters of these). */
const ANNOTATION_KEY = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/

/** The annotations, by full name, that say the same; and what they cannot say. */
export function writeRuleAnnotations({ namespace, application, images, writeBack }: CarriedRules): {
  readonly annotations: Readonly<Record<string, string>>
  readonly losses: readonly Loss[]
} {
  const losses: Loss[] = []
  const texts: [key: string, text: string][] = []
  const list: string[] = []
  for (const image of images) {
    const lose = (key: string, value: string, reason: string, extent: Loss['extent']) =>
      losses.push({
        object: objectName(namespace, application),
        alias: image.alias,
        key,
        value,
        reason,
        extent,
      })
    const own = settingTexts(image, lose).map(([name, text]) => [`${image.alias}.${name}`, text] as const)
    const tooLong = own.find(([key]) => !ANNOTATION_KEY.test(key))
    if (tooLong) {
      lose('alias', image.alias, `${tooLong[0]} would be too long for the name of an annotation`, 'image')
      continue
    }
    // A comma separates images there, and means the same as a blank in a constraint.
    const tag = image.image.tag.replace(/\s*,\s*/g, ' ')
    list.push(formatImageListEntry({ alias: image.alias, image: { ...image.image, tag } }))
    for (const [key, text] of own) texts.push([key, text])
  }
  if (list.length === 0) return { annotations: {}, losses }
  const all: [string, string | undefined][] = [
    ['image-list', list.join(', ')],
    ...texts,
    ['write-back-method', writeBack.method],
    ['write-back-target', writeBack.target],
    ['git-branch', writeBack.gitBranch],
    ['git-repository', writeBack.gitRepository],
    ['pull-request', writeBack.pullRequest?.service],
  ]
  const named = all.flatMap(([key, text]): [string, string][] =>
    text === undefined ? [] : [[`${ANNOTATION_PREFIX}${key}`, text]],
  )
  return { annotations: Object.fromEntries(named), losses }
}

function settingTexts(
  { settings, targets }: CarriedImage,
  lose: (key: string, value: string, reason: string, extent: Loss['extent']) => void,
): [name: SettingName, text: string][] {
  const { updateStrategy, forceUpdate, allowTags, ignoreTags, pullSecret, platforms } = settings
  const torn = ignoreTags?.filter((glob) => glob.includes(',')) ?? []
  for (const glob of torn) lose('ignoreTags', glob, 'a comma separates the globs of ignore-tags', 'setting')
  const all: [SettingName, string | undefined][] = [
    ['update-strategy', updateStrategy],
    ['force-update', forceUpdate === undefined ? undefined : String(forceUpdate)],
    ['allow-tags', allowTags],
    ['ignore-tags', ignoreTags?.filter((glob) => !torn.includes(glob)).join(',')],
    ['pull-secret', pullSecret],
    ['platforms', platforms?.join(',')],
    ['helm.image-name', targets.helm?.name],
    ['helm.image-tag', targets.helm?.tag],
    ['helm.image-spec', targets.helm?.spec],
    ['kustomize.image-name', targets.kustomize?.name],
  ]
  return all.flatMap(([name, text]): [SettingName, string][] => (text ? [[name, text]] : []))
}
