import { isObject, type Json } from '../json.ts'
import type { StatusCause } from './status.ts'

/** As much of OpenAPI v3 as the validation of a custom resource needs. */
export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly enum?: readonly string[]
}

/** Everything in `value` that breaks the schema, in the words of apiextensions-apiserver. */
export function schemaCauses(schema: Schema, value: Json, field = ''): StatusCause[] {
  if (typeOf(value) !== schema.type) {
    return [
      {
        reason: 'FieldValueTypeInvalid',
        message: `Invalid value: "${typeOf(value)}": ${field} in body must be of type ${schema.type}: "${typeOf(value)}"`,
        field,
      },
    ]
  }
  if (schema.enum && typeof value === 'string' && !schema.enum.includes(value)) {
    const supported = schema.enum.map((option) => `"${option}"`).join(', ')
    return [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: "${value}": supported values: ${supported}`,
        field,
      },
    ]
  }
  if (Array.isArray(value)) {
    const items = schema.items
    return items ? value.flatMap((item, index) => schemaCauses(items, item, `${field}[${index}]`)) : []
  }
  if (!isObject(value)) return []
  const under = (key: string): string => (field ? `${field}.${key}` : key)
  const missing = (schema.required ?? [])
    .filter((key) => value[key] === undefined || value[key] === null)
    .map((key) => ({ reason: 'FieldValueRequired', message: 'Required value', field: under(key) }))
  const wrong = Object.entries(value).flatMap(([key, member]) => {
    const known = schema.properties?.[key] ?? schema.additionalProperties
    return known && member !== null ? schemaCauses(known, member, under(key)) : []
  })
  return [...missing, ...wrong]
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}
