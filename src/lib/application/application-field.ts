import type { Application } from './application.ts'
import { ObjectField } from './object-field.ts'

/** The whole Application as a field to read from, named in messages as `application "shop"`. */
export function applicationField(application: Application): ObjectField {
  return new ObjectField(`application "${application.metadata.name}"`, application)
}
