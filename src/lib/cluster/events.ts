import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type ClusterClient, ClusterError } from './client.ts'
import { microTime } from './micro-time.ts'
import type { ResourcePath } from './resource-path.ts'
import { isForbidden } from './status-error.ts'

/** What an Event says of an object. */
export interface EventText {
  /** `Warning` for what went wrong. */
  readonly type: 'Normal' | 'Warning'
  /** In CamelCase, for machines: `ImagesUpdated`. */
  readonly reason: string
  /** What was done or tried, in CamelCase: `UpdateImages`. */
  readonly action: string
  readonly message: string
  readonly annotations?: Readonly<Record<string, string>>
}

const COMPONENT = 'kubectl-image-updater'
/** The API server's limits, in bytes. */
const LONGEST_MESSAGE = 1024
const LONGEST_INSTANCE = 128
/** What could disturb the terminal of whoever reads the Events. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu

/**
 * The core/v1 Event about an object of the cluster, in the object's namespace.
 *
 * @param instance which running program reports: `ada@laptop`.
 */
export function eventAbout(
  { apiVersion, kind, metadata }: KubernetesObject,
  text: EventText,
  at: Date,
  instance: string,
): KubernetesObject {
  const seconds = at.toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      // The API server makes the name from the next.
      name: '',
      generateName: `${metadata.name}.`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      ...(text.annotations && { annotations: text.annotations }),
    },
    action: text.action,
    count: 1,
    eventTime: microTime(at),
    firstTimestamp: seconds,
    involvedObject: {
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace,
      resourceVersion: metadata.resourceVersion,
      uid: metadata.uid,
    },
    lastTimestamp: seconds,
    message: shortened(text.message.replace(UNPRINTABLE, ' '), LONGEST_MESSAGE),
    reason: text.reason,
    reportingComponent: COMPONENT,
    reportingInstance: shortened(instance.replace(UNPRINTABLE, ' '), LONGEST_INSTANCE),
    source: { component: COMPONENT },
    type: text.type,
  }
}

/** Writes Events. They are an extra: where they cannot be written, everything else goes on. */
export class EventRecorder {
  readonly #client: ClusterClient
  readonly #instance: string
  /** Namespaces in which Events may not be created: asking again would only cost time. */
  readonly #closed = new Set<string>()
  readonly #told = new Set<string>()

  /** @param instance which running program reports: `ada@laptop`. */
  constructor(client: ClusterClient, instance: string) {
    this.#client = client
    this.#instance = instance
  }

  /** @returns a warning that it could not be written, the first time it is so; '' otherwise. Throws nothing. */
  async record(about: KubernetesObject, text: EventText, at: Date): Promise<string> {
    const { namespace = '' } = about.metadata
    if (this.#closed.has(namespace)) return ''
    try {
      await this.#client.create(eventsIn(namespace), eventAbout(about, text, at, this.#instance))
      return ''
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (isForbidden(error)) this.#closed.add(namespace)
      return this.#once(`no Event was written about ${about.metadata.name}: ${error.message}`, error.message)
    }
  }

  #once(warning: string, reason: string): string {
    if (this.#told.has(reason)) return ''
    this.#told.add(reason)
    return warning
  }
}

function eventsIn(namespace: string): ResourcePath {
  return { group: '', version: 'v1', resource: 'events', namespace }
}

/** At most so many bytes, between characters. */
function shortened(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  let kept = ''
  let bytes = Buffer.byteLength('…')
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > most) break
    kept += character
  }
  return `${kept}…`
}
