import { createHash } from 'node:crypto'
import type { ApplicationSource } from '../../application/application.ts'
import { formatImageReference, parseImageReference, repositoryName } from '../../image/reference.ts'
import { canonicalText, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../json.ts'

/** What a git repository holds at one path, and which of Argo CD's tools makes manifests of it. */
export interface ManifestSource {
  readonly sourceType: 'Directory' | 'Kustomize' | 'Helm'
  /** Helm: `{{ .Values.image.tag }}` in any text is replaced. */
  readonly manifests: readonly JsonObject[]
  /** Helm: the chart's values.yaml, flattened: `image.tag` → `1.0`. */
  readonly values?: Readonly<Record<string, string>>
}

/** The git side of the world: finds what a source of an Application points at. */
export type ManifestSources = (source: ApplicationSource) => ManifestSource | undefined

/** Renders the manifests as Argo CD would, with the overrides of the Application's source. */
export function renderManifests(found: ManifestSource, source: ApplicationSource): JsonObject[] {
  if (found.sourceType === 'Kustomize') {
    const overrides = (source.kustomize?.images ?? []).map(readOverride)
    return found.manifests.map((manifest) => withImages(manifest, overrides) as JsonObject)
  }
  if (found.sourceType === 'Helm') {
    const values = new Map(Object.entries(found.values ?? {}))
    for (const { name, value } of source.helm?.parameters ?? []) values.set(name, value ?? '')
    return found.manifests.map((manifest) => withValues(manifest, values) as JsonObject)
  }
  return found.manifests.map((manifest) => structuredClone(manifest))
}

/** A commit id for the content: another content, another id. */
export function revisionOf(found: ManifestSource): string {
  const content = canonicalText([...found.manifests, { ...found.values }])
  return createHash('sha1').update(content).digest('hex')
}

interface ImageOverride {
  /** The image as the manifests name it. */
  readonly name: string
  readonly newImage: string
}

/** Reads `name=new:tag@digest`, `name:tag` and `name@digest`. */
function readOverride(text: string): ImageOverride {
  const at = text.indexOf('=')
  const newImage = text.slice(at + 1)
  const name = at < 0 ? repositoryName(parseImageReference(newImage)) : text.slice(0, at)
  return { name, newImage }
}

function withImages(value: Json, overrides: readonly ImageOverride[]): Json {
  if (Array.isArray(value)) return value.map((item) => withImages(item, overrides))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      (key === 'containers' || key === 'initContainers') && Array.isArray(member)
        ? [key, member.map((container) => withImage(container, overrides))]
        : [key, withImages(member, overrides)],
    ),
  )
}

function withImage(container: Json, overrides: readonly ImageOverride[]): Json {
  const image = textAt(container, 'image')
  if (!isObject(container) || image === '') return container
  const current = parseImageReference(image)
  const override = overrides.find(({ name }) => name === repositoryName(current))
  if (!override) return container
  const wanted = parseImageReference(override.newImage)
  // An override that names an image alone keeps the tag.
  const kept = wanted.tag || wanted.digest ? wanted : { ...wanted, tag: current.tag, digest: current.digest }
  return { ...container, image: formatImageReference(kept) }
}

function withValues(value: Json, values: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') {
    return value.replace(
      /\{\{\s*\.Values\.([A-Za-z0-9_.]+)\s*\}\}/g,
      (_, name: string) => values.get(name) ?? '',
    )
  }
  if (Array.isArray(value)) return value.map((item) => withValues(item, values))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withValues(member, values)]))
}

/** The images a pod template, workload or pod runs. */
export function imagesOf(object: Json | undefined): string[] {
  const spec = objectAt(object, 'spec', 'template', 'spec')
  const podSpec = Object.keys(spec).length > 0 ? spec : objectAt(object, 'spec')
  return [...listAt(podSpec, 'initContainers'), ...listAt(podSpec, 'containers')].map((c) =>
    textAt(c, 'image'),
  )
}
