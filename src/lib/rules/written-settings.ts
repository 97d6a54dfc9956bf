import {
  ANNOTATION_PREFIX,
  CONTROL_SETTINGS,
  IMAGE_SETTINGS,
  type SettingName,
  SHARED_SETTINGS,
  TARGET_SETTINGS,
} from './annotation-keys.ts'
import { splitList } from './values.ts'

export type Annotations = Readonly<Record<string, string>>

/** A setting as someone wrote it, and where: `app.allow-tags`, `--allow-tags` or `spec.….allowTags`. */
export interface WrittenSetting {
  readonly key: string
  readonly text: string
  /** The entries, where they were written as a list; absent: they are separated by commas in the text. */
  readonly entries?: readonly string[]
}

/** The entries of a setting that is a list. */
export function entriesOf({ text, entries }: WrittenSetting): readonly string[] {
  return entries ?? splitList(text)
}

/** The settings that apply to one image. */
export type WrittenSettings = ReadonlyMap<SettingName, WrittenSetting>

/** An annotation under the updater's prefix, without surrounding blanks; undefined when it is not there. */
export function annotation(annotations: Annotations, key: string): string | undefined {
  const name = `${ANNOTATION_PREFIX}${key}`
  return Object.hasOwn(annotations, name) ? annotations[name]?.trim() : undefined
}

/**
 * The settings written for one alias, or with '' for all images of the Application. Empty ones count as
 * absent, except `force-update`, whose emptiness is an error to report.
 */
export function writtenSettings(annotations: Annotations, alias: string): WrittenSettings {
  const names: readonly SettingName[] =
    alias === ''
      ? [...SHARED_SETTINGS, ...CONTROL_SETTINGS]
      : [...SHARED_SETTINGS, ...CONTROL_SETTINGS, ...IMAGE_SETTINGS, ...TARGET_SETTINGS]
  const settings = new Map<SettingName, WrittenSetting>()
  for (const name of names) {
    const key = alias === '' ? name : `${alias}.${name}`
    const text = annotation(annotations, key)
    if (text !== undefined && (text !== '' || name === 'force-update')) settings.set(name, { key, text })
  }
  return settings
}

/**
 * The image's own settings over those of the whole Application. A hold is taken whole: neither its end nor
 * its reason may come from another.
 */
export function mergeSettings(applicationWide: WrittenSettings, ofImage: WrittenSettings): WrittenSettings {
  if (!ofImage.has('hold') && !ofImage.has('hold-until')) return new Map([...applicationWide, ...ofImage])
  const others = [...applicationWide].filter(([name]) => !name.startsWith('hold'))
  return new Map([...others, ...ofImage])
}
