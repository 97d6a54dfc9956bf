import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const SCHEMA = JSON.parse(
  readFileSync(new URL('../../docs/schema/image-updater-v1.json', import.meta.url), 'utf8'),
) as { readonly $defs: Readonly<Record<string, unknown>>; readonly $id: string; readonly oneOf: unknown }

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: true })
ajv.addSchema(SCHEMA)

/** What the schema has against a document, '' for nothing. The kind chooses which part is asked, for short answers. */
export function objections(document: unknown): string {
  const plain: unknown = JSON.parse(JSON.stringify(document))
  const kind = typeof plain === 'object' && plain !== null && 'kind' in plain ? String(plain.kind) : ''
  const byKind = ajv.getSchema(`${SCHEMA.$id}#/$defs/${kind}`)
  if (!byKind) return `there is no kind "${kind}"`
  if (!byKind(plain)) return ajv.errorsText(byKind.errors)
  const whole = ajv.getSchema(SCHEMA.$id)
  return whole?.(plain) ? '' : `whole: ${ajv.errorsText(whole?.errors)}`
}

export { SCHEMA }
