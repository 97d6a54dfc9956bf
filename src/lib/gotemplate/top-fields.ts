import type { ParsedTemplate } from './parser.ts'
import type { Body, Pipeline } from './tree.ts'

/** The names of all fields that a template asks for first: of `.A.B` and `$x.A` it is `A`. */
export function topFields(template: ParsedTemplate): ReadonlySet<string> {
  const names = new Set<string>()
  for (const body of [template.main, ...template.named.values()]) addFromBody(body, names)
  return names
}

function addFromBody(body: Body, names: Set<string>): void {
  for (const node of body) {
    if ('pipeline' in node && node.pipeline) addFromPipeline(node.pipeline, names)
    if ('body' in node) {
      addFromBody(node.body, names)
      addFromBody(node.otherwise, names)
    }
  }
}

function addFromPipeline(pipeline: Pipeline, names: Set<string>): void {
  for (const { base, fields } of pipeline.commands.flatMap(({ operands }) => operands)) {
    const [first] = fields
    if (first) names.add(first.name)
    if (base.kind === 'group') addFromPipeline(base.pipeline, names)
  }
}
