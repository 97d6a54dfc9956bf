import { JSONPath } from 'jsonpath-plus'
import { UserError } from '../errors.ts'
import { printableLines } from './escape.ts'

export class JsonPathError extends UserError {}

const EXAMPLE = 'Write for example {.items[*].application}'

/** A part of a kubectl JSONPath template. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'range'; readonly path: string; readonly body: readonly TemplateNode[] }

/**
 * Evaluates a kubectl JSONPath template: text with `{.path}` expressions, `{"literal"}`s and
 * `{range .items[*]}…{end}`. Several results of one expression are joined with blanks; objects print as
 * JSON. A path that matches nothing prints nothing.
 *
 * @param allowMissing whether a field that is not there is no error
 * @throws JsonPathError when the template is not well-formed, or for a field that has to be there
 */
export function evaluateTemplate(template: string, data: unknown, allowMissing = true): string {
  return render(parseTemplate(template), data, allowMissing ? selectPath : selectPresent)
}

/** All values one kubectl JSONPath expression (`.spec.name`, `items[*].image`, `@`) selects. */
export function selectPath(expression: string, data: unknown): unknown[] {
  const path = libraryPath(expression)
  if (path === '$') return [data]
  try {
    return JSONPath({ path, json: data as object, wrap: true, eval: 'safe' }) as unknown[]
  } catch (cause) {
    const [first] = (cause as Error).message.split('\n')
    throw new JsonPathError(`"${expression}" is not a JSONPath expression: ${first}`, EXAMPLE, { cause })
  }
}

/** The last step of a path: a choice from a list, which may be empty, or one field or item. */
const LAST_STEP =
  /(?<choice>\.\*|\[(?:\*|\?\(.*\)|[^\]]*:[^\]]*)\])$|(?:\.\.?(?:[^.[\]\\]|\\.)+|\[[^\]]*\])$/s

/** The same, where a field that none of the values has is an error, as in kubectl. @throws JsonPathError */
export function selectPresent(expression: string, data: unknown): unknown[] {
  const found = selectPath(expression, data)
  const last = LAST_STEP.exec(expression)
  if (found.length > 0 || !last) return found
  const around = selectPresent(expression.slice(0, last.index), data)
  if (last.groups?.['choice'] !== undefined || around.length === 0) return []
  throw new JsonPathError(
    `${expression} is not found`,
    'Correct the path, or leave --allow-missing-template-keys=false out',
  )
}

/**
 * What the one path of a template selects, for kubectl's `jsonpath-as-json`.
 *
 * @throws JsonPathError where it is more than one path
 */
export function selectWhole(template: string, data: unknown, allowMissing = true): unknown[] {
  const [node, ...more] = parseTemplate(template)
  if (node?.kind === 'path' && more.length === 0)
    return (allowMissing ? selectPath : selectPresent)(node.path, data)
  throw new JsonPathError(`"${template}" is not one path in braces`, EXAMPLE)
}

/** @throws JsonPathError when the template is not well-formed */
export function parseTemplate(template: string): readonly TemplateNode[] {
  return parse(template, 0, false).nodes
}

/**
 * The path as the library writes it: `$` in front, names with escaped dots (`.metadata.labels.a\.b/c`) in
 * brackets, a negative index as a slice.
 */
function libraryPath(expression: string): string {
  const inner = expression
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trim()
  const path = inner.replace(/^[$@]/, '')
  if (path === '' || path === '.') return '$'
  return `$${/^[.[]/.test(path) ? '' : '.'}${path}`
    .replace(/(\.\.?)((?:[^.[\]\\]|\\.)*\\.(?:[^.[\]\\]|\\.)*)/g, (_, dots: string, name: string) => {
      return `${dots === '..' ? dots : ''}['${name.replace(/\\(.)/g, '$1')}']`
    })
    .replace(/\[-(\d+)\]/g, (_, index: string) => `[-${index}:${index === '1' ? '' : 1 - Number(index)}]`)
}

function parse(
  template: string,
  start: number,
  inRange: boolean,
): { nodes: readonly TemplateNode[]; rest: number } {
  const nodes: TemplateNode[] = []
  let position = start
  while (position < template.length) {
    const open = template.indexOf('{', position)
    const textEnd = open < 0 ? template.length : open
    if (textEnd > position) nodes.push({ kind: 'text', text: template.slice(position, textEnd) })
    if (open < 0) {
      position = textEnd
      break
    }
    const close = closingBrace(template, open)
    const expression = template.slice(open + 1, close).trim()
    position = close + 1
    if (expression === 'end') {
      if (!inRange) throw new JsonPathError('{end} without {range} in the JSONPath template', EXAMPLE)
      return { nodes, rest: position }
    }
    if (/^range(?:\s|$)/.test(expression)) {
      const inner = parse(template, position, true)
      nodes.push({ kind: 'range', path: onePath(expression.slice(5).trim()), body: inner.nodes })
      position = inner.rest
    } else if (/^(["']).*\1$/s.test(expression)) {
      nodes.push({ kind: 'text', text: unquote(expression) })
    } else {
      nodes.push({ kind: 'path', path: onePath(expression) })
    }
  }
  if (inRange) throw new JsonPathError('{range} without {end} in the JSONPath template', EXAMPLE)
  return { nodes, rest: position }
}

/** kubectl takes several paths in one pair of braces; the library would find nothing and say nothing. */
function onePath(expression: string): string {
  const bare = expression.replace(/\[[^\]]*\]/g, '')
  if (expression !== '' && !/\s/.test(bare)) return expression
  const problem = expression === '' ? 'there is no path between the braces' : 'only one path can be given'
  throw new JsonPathError(`"{${expression}}": ${problem}`, 'Write one path in each pair of braces')
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
  throw new JsonPathError(`"${template.slice(open)}" lacks its closing brace`, EXAMPLE)
}

function unquote(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(.)/g, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character)
}

function render(nodes: readonly TemplateNode[], data: unknown, select: typeof selectPath): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text
      const found = select(node.path, data)
      if (node.kind === 'range') return found.map((item) => render(node.body, item, select)).join('')
      return found.map((value) => printableLines(asText(value))).join(' ')
    })
    .join('')
}

/** A selected value as kubectl prints it: text as it is, everything else as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}
