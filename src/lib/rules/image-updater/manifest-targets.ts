import type { ManifestTargets } from '../update-rule.ts'
import type { ResourceField } from './resource-field.ts'

/** Reads `manifestTargets`: exactly one of helm, kustomize and plugin where it is there at all. */
export function readTargets(field: ResourceField): ManifestTargets {
  const parts = field.members(['helm', 'kustomize', 'plugin'])
  if (parts === undefined) return {}
  const named = Object.values(parts).filter((part) => !part.absent)
  if (named.length !== 1) {
    field.fault(
      named.length === 0 ? 'it names no target' : 'it names several targets for one image',
      'Write exactly one of helm, kustomize and plugin',
    )
    return {}
  }
  const kustomize = parts.kustomize.members(['name'])
  if (kustomize !== undefined) {
    const name = kustomize.name.text() ?? ''
    if (name === '') kustomize.name.fault('there is no name', 'Write the name of the image in the base')
    return { kustomize: { name } }
  }
  const plugin = readNames(parts.plugin)
  if (plugin !== undefined && !plugin.name && !plugin.spec) {
    parts.plugin.fault('it names no variable', 'Write spec, or name and tag')
  }
  const helm = readNames(parts.helm)
  return { ...(helm && { helm }), ...(plugin && { plugin }) }
}

function readNames(field: ResourceField): { name?: string; tag?: string; spec?: string } | undefined {
  const parts = field.members(['name', 'tag', 'spec'])
  if (parts === undefined) return undefined
  const texts = Object.entries(parts).map(([member, part]) => [member, part.text()] as const)
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined))
}
