import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type OutputFormat, OutputFormatError, renderAnswer, yamlText } from './output.ts'

/**
 * Kubernetes objects as kubectl prints them: documents of YAML, one JSON text, names, or what a template makes of
 * them: of the object itself where there is one, of a List of several, or of none where a format was asked for.
 *
 * @param nameOf `deployment.apps/web`
 * @throws OutputFormatError for `wide`, which is of tables
 */
export function renderObjects<T extends KubernetesObject>(
  objects: readonly T[],
  format: OutputFormat,
  nameOf: (object: T) => string,
): string {
  const { kind } = format
  refuseWide(format)
  const list = { apiVersion: 'v1', kind: 'List', items: objects }
  if (kind === 'yaml' && objects.length === 0) return yamlText(list)
  if (kind === 'yaml' || kind === 'table') return objects.map(yamlText).join('---\n')
  // Columns are of items, so a single object is its own.
  const one = kind === 'custom-columns' ? { ...objects[0], items: objects } : objects[0]
  const document = (objects.length === 1 ? one : list) as { readonly items: readonly unknown[] }
  return renderAnswer({ columns: [], document, name: nameOf, rows: objects }, format)
}

/** @throws OutputFormatError for `wide`, where objects are printed */
export function refuseWide({ kind }: OutputFormat): void {
  if (kind === 'wide') throw new OutputFormatError('-o wide is for tables; these are objects', 'Use -o yaml')
}
