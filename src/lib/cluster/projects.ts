import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { MalformedFieldError, ObjectField } from '../application/object-field.ts'
import { type ClusterClient, ClusterError } from './client.ts'
import { type ReadProblem, toReadProblem } from './read-result.ts'
import type { ResourcePath } from './resource-path.ts'
import { NO_SUCH_RESOURCE_TYPE } from './status-error.ts'

/** The AppProject of an Application, or why it could not be read. */
export type ProjectRead =
  | { readonly project: KubernetesObject }
  /** `reason` is `NotFound` where there is none, `Forbidden` where nobody can say. */
  | { readonly problem: ReadProblem }

/** Where an AppProject lives. */
export function projectPath(namespace: string, name: string): ResourcePath {
  return { group: 'argoproj.io', version: 'v1alpha1', resource: 'appprojects', namespace, name }
}

const CONTROL_PLANE = 'argocd'

/**
 * Reads AppProjects, each once a cycle however many Applications belong to it.
 *
 * They live where Argo CD runs. Where that is not told, it is the Application's own namespace if the
 * AppProject is there, and `argocd` otherwise, which is right for Applications in any namespace.
 */
export class ProjectReader {
  readonly #client: Pick<ClusterClient, 'get'>
  readonly #controlPlane: string | undefined
  readonly #read = new Map<string, Promise<ProjectRead>>()

  /** @param controlPlane the namespace of Argo CD, where somebody said so: no other is looked at */
  constructor(client: Pick<ClusterClient, 'get'>, controlPlane?: string) {
    this.#client = client
    this.#controlPlane = controlPlane
  }

  /** @throws ClusterError when the server cannot be reached or is in trouble. */
  async read(application: Application): Promise<ProjectRead> {
    const own = application.metadata.namespace || CONTROL_PLANE
    const name = projectName(application)
    if (typeof name !== 'string') return { problem: broken(name, own, '') }
    if (this.#controlPlane) return this.#once(this.#controlPlane, name)
    const first = await this.#once(own, name)
    if ('project' in first || own === CONTROL_PLANE) return first
    const second = await this.#once(CONTROL_PLANE, name)
    // Where one of the two may not be read, nobody knows that there is none.
    return 'project' in second || isMissing(first.problem) ? second : first
  }

  newCycle(): void {
    this.#read.clear()
  }

  #once(namespace: string, name: string): Promise<ProjectRead> {
    const key = `${namespace}/${name}`
    const known = this.#read.get(key)
    if (known) return known
    const read = this.#get(namespace, name)
    this.#read.set(key, read)
    return read
  }

  async #get(namespace: string, name: string): Promise<ProjectRead> {
    try {
      return { project: await this.#client.get(projectPath(namespace, name)) }
    } catch (error) {
      if (error instanceof ClusterError && error.reason === 'Invalid' && error.status === 0) {
        return { problem: broken(error, namespace, name) }
      }
      return { problem: toReadProblem(error, { kind: 'AppProject', name, namespace }) }
    }
  }
}

/** Whether it is known that there is no such AppProject, in contrast to one that could not be read. */
export function isMissing({ reason }: ReadProblem): boolean {
  return reason === 'NotFound' || reason === NO_SUCH_RESOURCE_TYPE
}

/** `spec.project`, where nothing means the project `default`; an error when it is no text. */
function projectName(application: Application): string | MalformedFieldError {
  const owner = `application "${application.metadata.name}"`
  try {
    return new ObjectField(owner, application).member('spec').member('project').text() || 'default'
  } catch (error) {
    if (error instanceof MalformedFieldError) return error
    throw error
  }
}

function broken(
  { message, remedy }: MalformedFieldError | ClusterError,
  namespace: string,
  name: string,
): ReadProblem {
  return { kind: 'AppProject', name, namespace, problem: message, reason: 'Broken', remedy }
}
