import type { SettingName } from '../annotation-keys.ts'
import type { WrittenSetting, WrittenSettings } from '../written-settings.ts'
import type { ResourceField } from './resource-field.ts'

/** What the fields of `commonUpdateSettings` are called as annotations. */
export const UPDATE_SETTINGS = {
  updateStrategy: 'update-strategy',
  forceUpdate: 'force-update',
  allowTags: 'allow-tags',
  ignoreTags: 'ignore-tags',
  pullSecret: 'pull-secret',
  platforms: 'platforms',
} as const satisfies Readonly<Record<string, SettingName>>

type UpdateSetting = keyof typeof UPDATE_SETTINGS
const NAMES = Object.keys(UPDATE_SETTINGS) as UpdateSetting[]

/** Every field of a `commonUpdateSettings` that is there, empty ones too: they overrule those above. */
export function readUpdateSettings(field: ResourceField): WrittenSettings {
  const parts = field.members(NAMES)
  const settings = new Map<SettingName, WrittenSetting>()
  if (parts === undefined) return settings
  for (const name of NAMES) {
    const written = readSetting(name, parts[name])
    if (written) settings.set(UPDATE_SETTINGS[name], { key: parts[name].path, ...written })
  }
  return settings
}

function readSetting(name: UpdateSetting, field: ResourceField): Omit<WrittenSetting, 'key'> | undefined {
  if (name === 'ignoreTags' || name === 'platforms') {
    const entries = field.texts()?.map((entry) => entry.trim())
    return entries && { text: entries.join(', '), entries }
  }
  if (name === 'forceUpdate') {
    const flag = field.flag()
    return flag === undefined ? undefined : { text: String(flag) }
  }
  const text = field.text()
  return text === undefined ? undefined : { text: text.trim() }
}

/** Without those that are empty: what they overruled is overruled, and nothing stands in its place. */
export function withoutEmpty(settings: WrittenSettings): WrittenSettings {
  return new Map([...settings].filter(([, { text }]) => text !== ''))
}
