import { APPLICATION_SETTINGS } from './annotation-keys.ts'
import {
  type Annotations,
  annotation,
  mergeSettings,
  type WrittenSetting,
  writtenSettings,
} from './written-settings.ts'

/** What precedes the host of a URL and is no mere name. */
const USER_AND_PASSWORD = /(:\/\/)[^/\s@]*:[^/\s]*@/g

/**
 * The annotations that one image's rule is made of, as written but for passwords in URLs: those of the
 * Application as a whole, and those of its alias in the place of app-wide ones of the same name.
 *
 * @param alias '' for an image-list entry without one, to which only app-wide settings apply
 */
export function ruleKeys(annotations: Annotations, alias: string): WrittenSetting[] {
  const ofApplication = APPLICATION_SETTINGS.flatMap((key) => {
    const text = annotation(annotations, key)
    return text ? [{ key, text: text.replaceAll(USER_AND_PASSWORD, '$1***@') }] : []
  })
  const applicationWide = writtenSettings(annotations, '')
  const settings =
    alias === '' ? applicationWide : mergeSettings(applicationWide, writtenSettings(annotations, alias))
  return [...ofApplication, ...settings.values()]
}
