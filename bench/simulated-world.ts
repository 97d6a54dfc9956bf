import type { Application } from '../src/lib/application/application.ts'
import type { ApplyOutcome } from '../src/lib/engine/apply-outcome.ts'
import { checkImages } from '../src/lib/engine/check.ts'
import type { CheckedImage, UpdatableImage } from '../src/lib/engine/checked-image.ts'
import type { EngineContext } from '../src/lib/engine/context.ts'
import type { FollowEvent } from '../src/lib/engine/follow.ts'
import { type ManagedImage, type ManagedImages, manageImages } from '../src/lib/engine/managed-image.ts'
import type { WatchWorld } from '../src/lib/engine/watch-world.ts'
import { formatImageReference } from '../src/lib/image/reference.ts'
import { readAnnotationRules } from '../src/lib/rules/annotations.ts'
import { planApplications } from './applications.ts'
import { engineOn } from './engine-on-registry.ts'
import { MOVING_TAG, type SimulatedRegistry } from './simulated-registry.ts'
import type { Scale } from './workload.ts'

const HOST = 'registry.example.com'
const ANNOTATION = 'argocd-image-updater.argoproj.io'
/** Milliseconds from a write to a healthy Application. */
const ROLLOUT = 20_000

/** A cluster in memory for the real loop of `watch`: what is written to it is what it says at the next poll. */
export class SimulatedWorld implements WatchWorld {
  readonly #signal: AbortSignal
  readonly #engine: EngineContext
  readonly #applications: Map<string, Application>

  /** Every second Application follows a tag that moves, the others versions. */
  constructor(registry: SimulatedRegistry, scale: Scale, signal: AbortSignal) {
    this.#signal = signal
    this.#engine = engineOn(registry)
    this.#applications = new Map(
      planApplications(HOST, 'semver', scale).map((application, index) => {
        const written = index % 2 === 0 ? movingTag(application) : application
        return [application.metadata.name, written]
      }),
    )
  }

  /** As from the cluster: new objects each time. */
  async load(): Promise<ManagedImages> {
    return manageImages(structuredClone([...this.#applications.values()]), readAnnotationRules)
  }

  check(images: readonly ManagedImage[], firstSeen: ReadonlyMap<string, string>): Promise<CheckedImage[]> {
    this.#engine.newCycle()
    return checkImages(this.#engine, images, { firstSeen })
  }

  async apply(images: readonly UpdatableImage[]): Promise<ApplyOutcome[]> {
    return images.map((image) => {
      const { name } = image.application.metadata
      const { application } = image
      this.#applications.set(name, running(application, formatImageReference(image.decision.target)))
      return { image, state: 'applied' }
    })
  }

  async *follow(outcomes: readonly ApplyOutcome[]): AsyncGenerator<FollowEvent, void> {
    const [first] = outcomes
    if (!first) return
    const { name, namespace } = first.image.application.metadata
    const about = {
      application: `${namespace}/${name}`,
      degradedBefore: false,
      object: `application/${name}`,
      phase: 'Succeeded',
      sync: 'Synced',
    }
    const message = 'a rollout is under way'
    yield { ...about, at: this.now(), health: 'Progressing', message, state: 'synced' }
    await this.pause(ROLLOUT, this.#signal)
    yield { ...about, at: this.now(), health: 'Healthy', message: '', state: 'healthy' }
  }

  async pendingSince(): Promise<Date> {
    return this.now()
  }

  async keepPending(): Promise<void> {}

  now(): Date {
    return new Date()
  }

  /** With signals as the watch itself uses them: each pause has one of its own, beside the one that lasts. */
  async pause(milliseconds: number, wake: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([this.#signal, wake])
    if (signal.aborted) return
    const over = Promise.withResolvers<void>()
    const end = () => over.resolve()
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
    await over.promise
    signal.removeEventListener('abort', end)
    clearTimeout(timer)
  }
}

function movingTag(application: Application): Application {
  const { annotations = {} } = application.metadata
  const image = annotations[`${ANNOTATION}/image-list`]?.replace('app=', '') ?? ''
  const rules = {
    [`${ANNOTATION}/image-list`]: `app=${image}:${MOVING_TAG}`,
    [`${ANNOTATION}/app.update-strategy`]: 'digest',
  }
  const metadata = { ...application.metadata, annotations: { ...annotations, ...rules } }
  return running({ ...application, metadata }, `${image}:${MOVING_TAG}`)
}

function running(application: Application, image: string): Application {
  return {
    ...application,
    spec: { ...application.spec, source: { ...application.spec.source, kustomize: { images: [image] } } },
    status: { ...application.status, summary: { images: [image] } },
  } as Application
}
