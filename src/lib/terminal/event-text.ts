import { printableJson } from './escape.ts'
import { type OutputFormat, OutputFormatError, yamlText } from './output.ts'

/** The text of an event, as `-o` asks for it. */
export type EventText = (document: Readonly<Record<string, unknown>>) => string

/**
 * How events are printed for programs, each on its own: a line of JSON, a document of YAML, or what a template makes
 * of it.
 *
 * @throws OutputFormatError for formats that are of a whole answer
 */
export function eventText(format: OutputFormat): EventText {
  switch (format.kind) {
    case 'json':
      return (document) => `${printableJson(JSON.stringify(document))}\n`
    case 'yaml':
      return (document) => `---\n${yamlText(document)}`
    case 'jsonpath':
    case 'jsonpath-as-json':
    case 'go-template':
      return (document) => format.render(document as Parameters<typeof format.render>[0], {})
    default:
      throw new OutputFormatError(
        `events cannot be printed with -o ${format.kind}`,
        'Use -o json, one event a line, yaml, jsonpath=… or go-template=…',
      )
  }
}
