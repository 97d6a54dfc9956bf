import { setTimeout as sleep } from 'node:timers/promises'
import type { LeaseName } from '../../lib/cluster/leases.ts'
import type { ApplyOutcome } from '../../lib/engine/apply-outcome.ts'
import { appliesUnasked } from '../../lib/engine/approval.ts'
import { checkImages } from '../../lib/engine/check.ts'
import type { CheckedImage, FailedImage, UpdatableImage } from '../../lib/engine/checked-image.ts'
import type { FollowEvent } from '../../lib/engine/follow.ts'
import type { ManagedImage, ManagedImages } from '../../lib/engine/managed-image.ts'
import type { WatchWorld } from '../../lib/engine/watch-world.ts'
import { UserError } from '../../lib/errors.ts'
import { repositoryName } from '../../lib/image/reference.ts'
import type { Session } from '../session/session.ts'
import type { UpdateCourse } from '../update/course.ts'
import type { WatchRun } from './run.ts'
import type { StopSignal } from './stop-signal.ts'

/** One cluster of a watch. */
export interface WatchMember {
  /** Its context where a watch has several, '' where it is the only one. */
  readonly name: string
  readonly session: Session
  readonly course: UpdateCourse
  /** By which it takes turns there with other watches, where it does. */
  readonly lease?: LeaseName
  /** Why nothing may be written there just now; '' when it may. */
  barrier(): string
  /** Whether another watch has the turn there; absent where no turns are taken. */
  standsBy?(): boolean
}

/** Where an image of a watch is. */
export type MemberOf = (image: Pick<CheckedImage, 'key'>) => WatchMember

/** What is told while the clusters of a watch are read. */
export interface ReadingNotices {
  /** Once what was read of a cluster first, before anything is written to it. */
  firstLoad?(member: WatchMember, managed: ManagedImages): Promise<void>
  /** That one of several clusters cannot be read, once for each reason. */
  unreadable?(member: WatchMember, error: UserError): void
}

/** The clusters of a watch as one world: each image knows by its key where it is. */
export class JoinedWorld implements WatchWorld {
  readonly #members: readonly WatchMember[]
  readonly #run: WatchRun
  readonly #stop: StopSignal
  readonly #homes = new Map<string, WatchMember>()
  readonly #last = new Map<WatchMember, readonly ManagedImage[]>()
  readonly #first: WatchMember
  readonly #notices: ReadingNotices
  /** Why clusters could not be read the last time. */
  readonly #reasons = new Map<WatchMember, string>()

  /** @param members at least one */
  constructor(
    members: readonly WatchMember[],
    run: WatchRun,
    stop: StopSignal,
    notices: ReadingNotices = {},
  ) {
    const [first] = members
    if (!first) throw new Error('a watch without a cluster')
    this.#first = first
    this.#members = members
    this.#run = run
    this.#stop = stop
    this.#notices = notices
  }

  readonly memberOf: MemberOf = ({ key }) => this.#homes.get(key) ?? this.#first

  /** How many of several clusters could not be read the last time. */
  get unreadable(): number {
    return this.#reasons.size
  }

  async load(): Promise<ManagedImages> {
    if (this.#members.length === 1) return this.#loadMember(this.#first)
    const loaded = await Promise.all(this.#members.map((member) => this.#loadOrExcuse(member)))
    const failures = loaded.filter((result): result is UserError => result instanceof UserError)
    if (failures.length === loaded.length && failures[0]) throw failures[0]
    const managed = loaded.filter((result): result is ManagedImages => !(result instanceof UserError))
    return {
      applications: managed.flatMap(({ applications }) => applications),
      faulty: managed.flatMap(({ faulty }) => faulty),
      images: managed.flatMap(({ images }) => images),
      unreadable: this.#members.flatMap((member, index) => this.#unreadable(member, loaded[index])),
      warnings: managed.flatMap(({ warnings }) => warnings),
    }
  }

  async check(
    images: readonly ManagedImage[],
    firstSeen: ReadonlyMap<string, string>,
  ): Promise<CheckedImage[]> {
    const groups = [...Map.groupBy(images, (image) => this.memberOf(image))]
    const rows = await Promise.all(
      groups.map(([{ session }, own]) => checkImages(session.engine, own, { firstSeen })),
    )
    return rows.flat()
  }

  apply(images: readonly UpdatableImage[], asked: boolean) {
    const member = this.#memberOfAll(images)
    return member.course.apply(images, {
      asked,
      barrier: () => member.barrier(),
      mayApply: ({ decision }) => appliesUnasked(this.#run.approve, decision),
    })
  }

  /** All outcomes are of one Application, as {@link apply} made them. */
  follow(outcomes: readonly ApplyOutcome[]): AsyncIterable<FollowEvent> {
    return this.#memberOfAll(outcomes.map(({ image }) => image)).course.follow(outcomes, this.#stop.signal)
  }

  /** Whether updates that make their Application Degraded are taken back. */
  get undoes(): boolean {
    return this.#first.course.undoes
  }

  undo(images: readonly UpdatableImage[], reason: string): Promise<UserError | undefined> {
    const member = this.#memberOfAll(images)
    return member.course.undo(images, reason, () => member.barrier())
  }

  /** Whether another watch has the turn in every cluster. */
  get standsBy(): boolean {
    return this.#members.every(({ standsBy }) => standsBy?.() === true)
  }

  barrier(images: readonly UpdatableImage[]): string {
    return this.#memberOfAll(images).barrier()
  }

  pendingSince({ decision: { target }, key }: UpdatableImage): Promise<Date> {
    const { engine, place } = this.memberOf({ key }).session
    return engine.sightings.sighted(`pending ${place} ${key}`, target.tag, target.digest, engine.now())
  }

  async keepPending(): Promise<void> {
    await Promise.all(this.#members.map(({ session }) => session.engine.sightings.save()))
  }

  now(): Date {
    return this.#first.session.engine.now()
  }

  async pause(milliseconds: number, wake: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, wake])
    await sleep(milliseconds, undefined, { signal }).catch(() => {})
  }

  #memberOfAll([first]: readonly UpdatableImage[]): WatchMember {
    return first ? this.memberOf(first) : this.#first
  }

  async #loadOrExcuse(member: WatchMember): Promise<ManagedImages | UserError> {
    try {
      const managed = await this.#loadMember(member)
      this.#reasons.delete(member)
      return managed
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (this.#reasons.get(member) !== error.message) this.#notices.unreadable?.(member, error)
      this.#reasons.set(member, error.message)
      return error
    }
  }

  async #loadMember(member: WatchMember): Promise<ManagedImages> {
    const { session } = member
    session.engine.newCycle()
    const managed = await session.load(this.#run.names)
    const images = managed.images.map((image) => this.#settled(member, image))
    if (!this.#last.has(member)) await this.#notices.firstLoad?.(member, managed)
    this.#last.set(member, images)
    return { ...managed, faulty: managed.faulty.map((image) => this.#settled(member, image)), images }
  }

  /** With a key that no other cluster's image has. */
  #settled<Image extends { readonly key: string }>(member: WatchMember, image: Image): Image {
    const key = member.name === '' ? image.key : `${member.name}/${image.key}`
    this.#homes.set(key, member)
    return { ...image, key }
  }

  #unreadable(member: WatchMember, loaded: ManagedImages | UserError | undefined): FailedImage[] {
    if (!(loaded instanceof UserError)) return []
    return (this.#last.get(member) ?? []).map(({ application, key, rule }) => ({
      alias: rule.alias,
      application,
      error: loaded,
      image: repositoryName(rule.image),
      key,
      rule,
      state: 'failed',
    }))
  }
}
