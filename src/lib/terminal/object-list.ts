import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { printable, printableJson } from './escape.ts'
import { yamlText } from './output.ts'

/**
 * Objects of several kinds as kubectl takes them: documents of YAML, a List, or names.
 *
 * @param titleOf `deployment.apps/web`
 */
export function renderObjectList(
  objects: readonly KubernetesObject[],
  format: 'yaml' | 'json' | 'name',
  titleOf: (object: KubernetesObject) => string,
): string {
  if (format === 'name') return objects.map((object) => `${printable(titleOf(object))}\n`).join('')
  if (format === 'yaml') return objects.map(yamlText).join('---\n')
  return `${printableJson(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 2))}\n`
}
