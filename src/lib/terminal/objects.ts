import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type OutputFormat, OutputFormatError, renderAnswer, yamlText } from './output.ts'

/**
 * Kubernetes objects as kubectl prints them: documents of YAML, one JSON text, names, or what a template makes of
 * them: of the object itself where there is one, of a List of several.
 *
 * @param nameOf `deployment.apps/web`
 * @throws OutputFormatError for `wide`, which is of tables
 */
export function renderObjects<T extends KubernetesObject>(
  objects: readonly T[],
  format: OutputFormat,
  nameOf: (object: T) => string,
): string {
  const [first] = objects
  if (first === undefined) return ''
  const { kind } = format
  if (kind === 'wide') throw new OutputFormatError('-o wide is for tables; these are objects', 'Use -o yaml')
  if (kind === 'yaml' || kind === 'table') return objects.map(yamlText).join('---\n')
  const list = { apiVersion: 'v1', kind: 'List', items: objects }
  // Columns are of items, so a single object is its own.
  const one = kind === 'custom-columns' ? { ...first, items: objects } : first
  const document = (objects.length === 1 ? one : list) as { readonly items: readonly unknown[] }
  return renderAnswer({ columns: [], document, name: nameOf, rows: objects }, format)
}
