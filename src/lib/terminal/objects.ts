import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type OutputFormat, renderAnswer, yamlText } from './output.ts'

/**
 * Kubernetes objects as kubectl prints them: documents of YAML, one JSON text, names, or what a template makes of
 * them: of the object itself where there is one, of a List of several.
 */
export function renderObjects(
  objects: readonly KubernetesObject[],
  format: OutputFormat,
  resource: string,
): string {
  const [first] = objects
  if (first === undefined) return ''
  const { kind } = format
  if (kind === 'yaml' || kind === 'table' || kind === 'wide') return objects.map(yamlText).join('---\n')
  const list = { apiVersion: 'v1', kind: 'List', items: objects }
  // Columns are of items, so a single object is its own.
  const one = kind === 'custom-columns' ? { ...first, items: objects } : first
  const document = (objects.length === 1 ? one : list) as { readonly items: readonly unknown[] }
  const name = ({ metadata }: KubernetesObject) => `${resource}/${metadata.name}`
  return renderAnswer({ columns: [], document, name, rows: objects }, format)
}
