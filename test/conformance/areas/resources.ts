import type { SettingName } from '../../../src/lib/rules/annotation-keys.ts'
import {
  type ApplicationMatcher,
  bySpecificity,
  readMatcher,
} from '../../../src/lib/rules/image-updater/application-ref.ts'
import { ResourceField } from '../../../src/lib/rules/image-updater/resource-field.ts'
import { readUpdateSettings, UPDATE_SETTINGS } from '../../../src/lib/rules/image-updater/update-settings.ts'
import { parseBoolean } from '../../../src/lib/rules/values.ts'
import { entriesOf, mergeSettings, type WrittenSettings } from '../../../src/lib/rules/written-settings.ts'

interface ApplicationRef {
  readonly namePattern: string
  readonly labelSelectors?: object
}

export const areas = {
  'app-ref-specificity': (ref: ApplicationRef) => matcher(ref).specificity,
  'app-ref-order': (refs: readonly ApplicationRef[]) =>
    bySpecificity(refs.map((ref, index) => ({ ...matcher(ref), index }))).map(({ index }) => index),
  'settings-merge': (layers: readonly (object | null)[]) =>
    fields(layers.map((layer) => readUpdateSettings(field(layer))).reduce(mergeSettings, new Map())),
}

function matcher({ namePattern, labelSelectors }: ApplicationRef): ApplicationMatcher {
  return readMatcher(field(namePattern), field(labelSelectors))
}

/** A field whose faults would end the case. */
function field(value: unknown): ResourceField {
  const faults = Object.assign([], {
    push: () => {
      throw new Error(`${JSON.stringify(value)} cannot be read`)
    },
  })
  return new ResourceField(value, 'spec', { faults, remarks: [] })
}

function fields(settings: WrittenSettings): Record<string, unknown> {
  const read = (name: SettingName) => {
    const setting = settings.get(name)
    if (setting === undefined) return undefined
    if (setting.entries) return entriesOf(setting)
    return name === 'force-update' ? parseBoolean(setting.text) : setting.text
  }
  return Object.fromEntries(
    Object.entries(UPDATE_SETTINGS).map(([fieldName, name]) => [fieldName, read(name)]),
  )
}
