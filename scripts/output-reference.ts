// Writes docs/output.md from the published schema of the documents. Part of `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** As much of JSON Schema as the published one uses. */
export interface SchemaNode {
  readonly $ref?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly const?: string
  readonly enum?: readonly (string | null)[]
  readonly oneOf?: readonly SchemaNode[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: boolean | SchemaNode
  readonly required?: readonly string[]
  readonly items?: SchemaNode
}

export interface OutputSchema {
  readonly oneOf: readonly SchemaNode[]
  readonly $defs: Readonly<Record<string, SchemaNode>>
}

/** Commands that answer with Kubernetes objects, whose fields Argo CD and Kubernetes describe. */
export const OBJECT_COMMANDS: Readonly<Record<string, string>> = {
  annotate: 'the Applications, or with `--image-updater` the ImageUpdater',
  deploy: 'what runs a watch: Deployment, ServiceAccount, Roles and so on',
  hold: 'the Applications',
  migrate: 'the ImageUpdaters; with `--to-annotations` the Applications',
  resume: 'the Applications',
  rollback: 'the Application',
  set: 'the Application',
  skip: 'the Application',
}

const INTRODUCTION = `# Output for programs

<!-- Made by scripts/output-reference.ts from docs/schema/image-updater-v1.json. Change those, then: npm run docs -->

\`-o json\` and \`-o yaml\` print documents with \`apiVersion: image-updater/v1\` and a \`kind\`. Fields may be added to them.
[The schema](schema/image-updater-v1.json) says the same as this page, for programs.

| \`-o\` | Prints |
|---|---|
| nothing, \`wide\` | a table for people; its columns may change |
| \`json\`, \`yaml\` | the document |
| \`name\` | \`application.argoproj.io/shop\`, each once |
| \`jsonpath=TEMPLATE\`, \`jsonpath-file=FILE\` | what kubectl's JSONPath makes of the document: \`{range .items[*]}{.application}{"\\n"}{end}\` |
| \`jsonpath-as-json=PATH\` | what a JSONPath finds, as a list in JSON |
| \`custom-columns=HEADER:.path,…\`, \`custom-columns-file=FILE\` | a table of the \`items\` |
| \`go-template=TEMPLATE\`, \`go-template-file=FILE\` | what a template in Go's syntax makes of the document |

\`--template=TEXT\` is the argument of \`-o go-template\`, \`jsonpath\` or \`custom-columns\`, and without \`-o\` a Go template. What is not there
prints nothing, or \`<no value>\` in a Go template; with \`--allow-missing-template-keys=false\` it is an error. Both are kubectl's.
`

/** The whole page. @throws Error for a field whose meaning the schema does not tell */
export function outputReference(schema: OutputSchema): string {
  const kinds = schema.oneOf.map(({ $ref = '' }) => nameOfRef($ref)).toSorted()
  const shared = Object.keys(schema.$defs)
    .filter((name) => !kinds.includes(name))
    .toSorted()
  const of = (name: string): SchemaNode => schema.$defs[name] ?? {}
  return [
    INTRODUCTION,
    '| Kind | What it is |',
    '|---|---|',
    ...kinds.map((kind) => `| [${kind}](#${kind.toLowerCase()}) | ${cell(of(kind).description ?? '')} |`),
    '',
    'These commands answer with Kubernetes objects: one as it is, several as a `List`.',
    '',
    '| Command | Objects |',
    '|---|---|',
    ...Object.entries(OBJECT_COMMANDS).map(([command, what]) => `| \`${command}\` | ${what} |`),
    '',
    ...kinds.flatMap((kind) => kindSection(schema, kind)),
    '## Parts',
    '',
    'What several documents have in common.',
    '',
    ...shared.flatMap((name) => section(schema, `### ${name}`, of(name))),
  ].join('\n')
}

function kindSection(schema: OutputSchema, kind: string): string[] {
  const node = schema.$defs[kind] ?? {}
  if (!node.oneOf) return section(schema, `## ${kind}`, node)
  return [
    `## ${kind}`,
    '',
    `${node.description ?? ''} Its \`type\` says which of these it is:`,
    '',
    ...node.oneOf.flatMap((variant) => section(schema, `### ${kind} ${variantName(variant)}`, variant)),
  ]
}

function variantName({ properties = {} }: SchemaNode): string {
  const { const: name, enum: names = [] } = properties['type'] ?? {}
  return name ?? names.join(', ')
}

function section(schema: OutputSchema, heading: string, node: SchemaNode): string[] {
  const { description = '', enum: values } = node
  const allowed = values ? [`One of ${values.map((value) => `\`${value}\``).join(', ')}.`, ''] : []
  const rows = fieldRows(schema, node, '')
  const table = rows.length > 0 ? ['| Field | Type | Meaning |', '|---|---|---|', ...rows, ''] : []
  return [heading, '', ...(description ? [description, ''] : []), ...allowed, ...table]
}

/** A row a field, those of objects that have no name of their own below them: `items[].object.kind`. */
function fieldRows(
  schema: OutputSchema,
  { properties = {}, required = [] }: SchemaNode,
  path: string,
): string[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const { inner, suffix } = unfolded(node)
    const place = `${path}${name}`
    const type = `${typeOf(node)}${required.includes(name) ? '' : ', may be absent'}`
    return [
      `| \`${place}\` | ${type} | ${cell(meaningOf(schema, node, place))} |`,
      ...fieldRows(schema, inner, `${place}${suffix}.`),
    ]
  })
}

/** What is inside of lists and of what may be null, and how a path leads there. */
function unfolded(node: SchemaNode): { readonly inner: SchemaNode; readonly suffix: string } {
  if (node.items) {
    const { inner, suffix } = unfolded(node.items)
    return { inner, suffix: `[]${suffix}` }
  }
  const present = (node.oneOf ?? []).filter(({ type }) => type !== 'null')
  return node.oneOf && present.length === 1 ? unfolded(present[0] ?? {}) : { inner: node, suffix: '' }
}

function typeOf(node: SchemaNode): string {
  const { $ref, additionalProperties, const: constant, enum: values, items, oneOf, type } = node
  if ($ref !== undefined) return `[${nameOfRef($ref)}](#${nameOfRef($ref).toLowerCase()})`
  if (constant !== undefined) return `\`${constant}\``
  if (values) return values.map((value) => (value === null ? 'null' : `\`${value}\``)).join(', ')
  if (oneOf) return oneOf.map(typeOf).join(' or ')
  if (items) return `list of ${typeOf(items)}`
  if (typeof additionalProperties === 'object') return `map of ${typeOf(additionalProperties)}`
  return [type ?? 'any'].flat().join(' or ')
}

function meaningOf(schema: OutputSchema, node: SchemaNode, place: string): string {
  const { $ref, const: constant, description, items, oneOf = [] } = node
  if (description !== undefined) return description
  if ($ref !== undefined) return schema.$defs[nameOfRef($ref)]?.description ?? ''
  if (constant !== undefined) return ''
  const within = items ?? oneOf.find(({ type }) => type !== 'null')
  if (within) return meaningOf(schema, within, place)
  throw new Error(`the schema does not say what ${place} means`)
}

function nameOfRef(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}

/** As one cell of a table; a bare < would be taken for HTML. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const schema = readFileSync(new URL('../docs/schema/image-updater-v1.json', import.meta.url), 'utf8')
  const page = outputReference(JSON.parse(schema) as OutputSchema)
  writeFileSync(new URL('../docs/output.md', import.meta.url), page)
}
