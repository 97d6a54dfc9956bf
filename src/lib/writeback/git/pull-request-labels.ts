import { cleanLine } from './outside-text.ts'

/** The labels of a pull request: trimmed, each once, in their order, none empty. */
export function pullRequestLabels(labels: readonly string[]): readonly string[] {
  return [...new Set(labels.map(cleanLine))].filter((label) => label !== '')
}
