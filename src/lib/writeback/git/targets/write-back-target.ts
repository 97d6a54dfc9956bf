import nodePath from 'node:path'
import type { OverrideType } from '../../../application/source-type.ts'
import { TargetError } from './target-error.ts'
import { repositoryPath } from './target-path.ts'

const { posix } = nodePath

/** Where in the repository images are written, and how. Paths are from the root of the repository. */
export type Target =
  | { readonly kind: 'override'; readonly path: string; readonly overrideType: OverridableType }
  | { readonly kind: 'kustomization'; readonly folder: string }
  | { readonly kind: 'helmvalues'; readonly path: string }
  | ManifestsTarget

export type OverridableType = Exclude<OverrideType, 'Unsupported'>

export interface ManifestsTarget extends DirectoryOptions {
  readonly kind: 'manifests'
  /** A folder, or one file. */
  readonly path: string
}

/** `directory` of a source, as far as it chooses files. The globs are Argo CD's; '' means all, and none. */
export interface DirectoryOptions {
  readonly recurse: boolean
  readonly include: string
  readonly exclude: string
}

/** What decides about the file besides the target itself. */
export interface TargetPlace {
  readonly namespace: string
  readonly application: string
  /** Where Argo CD runs; Applications of other namespaces carry theirs in the name of the file. */
  readonly argocdNamespace: string
  /** `path` of the chosen source. */
  readonly sourcePath: string
  readonly overrideType: OverrideType
  readonly directory?: Partial<DirectoryOptions>
}

export const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const

const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/
/** What follows the keyword was skipped unseen by argocd-image-updater, so a slip of the pen went elsewhere. */
const KEYWORD = /^(kustomization|helmvalues)(?!:)./
const WITH_PATH = /^(kustomization|helmvalues|manifests)(?::(.*))?$/
const OVERRIDE_FILE = /^\.argocd-source-/

/**
 * Reads a `write-back-target`: `kustomization[:folder]`, `helmvalues[:file]`, `manifests[:folder or file]`, or
 * the path of a file. A file that ends in .yaml or .yml holds Helm values, unless it is called
 * `.argocd-source-…`; every other one is written as such an override file, as is the default for no target.
 *
 * @throws TargetError
 */
export function parseWriteBackTarget(text: string | undefined, place: TargetPlace): Target {
  const written = text?.trim() ?? ''
  if (written === '') return overrideTarget(defaultOverridePath(place), place)
  if (KEYWORD.test(written)) {
    throw badTarget(written, 'a colon must follow the keyword', 'helmvalues:values.yaml')
  }
  const [, keyword, path] = WITH_PATH.exec(written) ?? []
  const from = (relative: string) => repositoryPath(relative, repositoryPath(place.sourcePath))
  if (keyword === 'kustomization')
    return { kind: 'kustomization', folder: kustomizationFolder(from(path || '.')) }
  if (keyword === 'helmvalues') {
    if (path !== undefined && /^\.*\/*$/.test(path)) {
      throw badTarget(written, 'it names no file', 'helmvalues:values.yaml')
    }
    return { kind: 'helmvalues', path: from(path ?? 'values.yaml') }
  }
  if (keyword === 'manifests') {
    const { recurse = false, include = '', exclude = '' } = place.directory ?? {}
    return { kind: 'manifests', path: from(path || '.'), recurse, include, exclude }
  }
  return fileTarget(written, place)
}

/**
 * `.argocd-source-<application>.yaml` in the folder of the source: what Argo CD itself looks for. The
 * namespace is part of the name for Applications outside Argo CD's own.
 *
 * @throws TargetError for a name that no Kubernetes object can have
 */
export function defaultOverridePath({
  namespace,
  application,
  argocdNamespace,
  sourcePath,
}: Omit<TargetPlace, 'overrideType'>): string {
  const isElsewhere = namespace !== '' && namespace !== argocdNamespace && argocdNamespace !== 'default'
  for (const name of isElsewhere ? [namespace, application] : [application]) {
    if (!OBJECT_NAME.test(name)) {
      throw new TargetError({
        code: 'bad-application-name',
        why: `${JSON.stringify(name)} is no name of a Kubernetes object, so no file can be named after it`,
        instead: 'Correct the name of the Application',
      })
    }
  }
  const name = isElsewhere ? `${namespace}_${application}` : application
  return repositoryPath(`.argocd-source-${name}.yaml`, repositoryPath(sourcePath))
}

function fileTarget(written: string, place: TargetPlace): Target {
  const path = repositoryPath(written)
  const name = posix.basename(path)
  if (KUSTOMIZATION_FILES.some((file) => file === name)) {
    throw new TargetError({
      code: 'kustomization-file-as-raw-target',
      file: path,
      why: 'a kustomization is not written as an override file',
      instead: `Write kustomization:/${posix.dirname(path)}`,
    })
  }
  const isValues = /\.ya?ml$/.test(name) && !OVERRIDE_FILE.test(name)
  if (isValues) return { kind: 'helmvalues', path }
  if (path === '.' || written.endsWith('/'))
    throw badTarget(written, 'it is a folder', 'helmvalues:values.yaml')
  return overrideTarget(path, place)
}

function overrideTarget(path: string, { overrideType }: TargetPlace): Target {
  if (overrideType !== 'Unsupported') return { kind: 'override', path, overrideType }
  throw new TargetError({
    code: 'unsupported-source',
    file: path,
    why: 'an override file has no effect on plain manifests',
    instead: 'Write write-back-target: manifests, which changes the manifests themselves',
  })
}

/** The folder also where the file in it is named. */
function kustomizationFolder(path: string): string {
  return KUSTOMIZATION_FILES.some((file) => file === posix.basename(path)) ? posix.dirname(path) : path
}

function badTarget(written: string, why: string, example: string): TargetError {
  return new TargetError({
    code: 'bad-target',
    why: `write-back-target ${JSON.stringify(written)}: ${why}`,
    instead: `Write kustomization[:folder], helmvalues[:file], manifests[:folder] or the path of a file; for example ${example}`,
  })
}
