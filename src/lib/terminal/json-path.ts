import { JSONPath } from 'jsonpath-plus'
import { UserError } from '../errors.ts'

export class JsonPathError extends UserError {}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'range'; readonly path: string; readonly body: readonly Node[] }

/**
 * Evaluates a kubectl JSONPath template: text with `{.path}` expressions, `{"literal"}`s and
 * `{range .items[*]}…{end}`. Several results of one expression are joined with blanks; objects print as
 * JSON. A path that matches nothing prints nothing.
 *
 * @throws JsonPathError when the template is not well-formed
 */
export function evaluateTemplate(template: string, data: unknown): string {
  const { nodes, rest } = parse(template, 0, false)
  if (rest !== template.length) throw new JsonPathError('unexpected {end} in the JSONPath template')
  return render(nodes, data)
}

/** All values one kubectl JSONPath expression (`.spec.name`, `items[*].image`, `$`) selects. */
export function selectPath(expression: string, data: unknown): unknown[] {
  const path = expression.trim().replace(/^\{|\}$/g, '')
  const rooted = path.startsWith('$')
    ? path
    : `$${path.startsWith('.') || path.startsWith('[') ? '' : '.'}${path}`
  if (rooted === '$' || rooted === '$.') return [data]
  try {
    return JSONPath({ path: rooted, json: data as object, wrap: true, eval: 'safe' }) as unknown[]
  } catch (cause) {
    throw new JsonPathError(
      `"${expression}" is not a JSONPath expression: ${(cause as Error).message.split('\n')[0]}`,
      'Write for example {.items[*].application}',
      { cause },
    )
  }
}

function parse(template: string, start: number, inRange: boolean): { nodes: Node[]; rest: number } {
  const nodes: Node[] = []
  let position = start
  while (position < template.length) {
    const open = template.indexOf('{', position)
    if (open < 0) {
      nodes.push({ kind: 'text', text: template.slice(position) })
      position = template.length
      break
    }
    if (open > position) nodes.push({ kind: 'text', text: template.slice(position, open) })
    const close = closingBrace(template, open)
    const expression = template.slice(open + 1, close).trim()
    position = close + 1
    if (expression === 'end') {
      if (!inRange) throw new JsonPathError('{end} without {range} in the JSONPath template')
      return { nodes, rest: position }
    }
    if (/^range\s/.test(expression)) {
      const inner = parse(template, position, true)
      nodes.push({ kind: 'range', path: expression.slice(5).trim(), body: inner.nodes })
      position = inner.rest
    } else if (/^(["']).*\1$/s.test(expression)) {
      nodes.push({ kind: 'text', text: unquote(expression) })
    } else {
      nodes.push({ kind: 'path', path: expression })
    }
  }
  if (inRange) throw new JsonPathError('{range} without {end} in the JSONPath template')
  return { nodes, rest: position }
}

function closingBrace(template: string, open: number): number {
  let quote = ''
  for (let index = open + 1; index < template.length; index += 1) {
    const character = template.charAt(index)
    if (quote) {
      if (character === '\\') index += 1
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '}') return index
  }
  throw new JsonPathError(`"${template.slice(open)}" lacks its closing brace`)
}

function unquote(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(.)/g, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character)
}

function render(nodes: readonly Node[], data: unknown): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text
      const found = selectPath(node.path, data)
      if (node.kind === 'range') return found.map((item) => render(node.body, item)).join('')
      return found.map(asText).join(' ')
    })
    .join('')
}

/** A selected value as kubectl prints it: text as it is, everything else as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}
