import type { ArgoState } from '../engine/argo-state.ts'
import type { ApplicationExplanation, ImageExplanation } from '../engine/explanation.ts'
import type { RunningStory } from '../engine/running-story.ts'
import { formatImageReference } from '../image/reference.ts'
import { aligned, type Fact, type FactLine } from './facts.ts'
import { shortDigest, tagAndDigest } from './shorten.ts'

/** What is said of a cluster's state where an Application is only written down. */
export const UNTOLD = 'not told by files'

/** What runs, by everybody who tells, and how Argo CD renders the source. */
export function runningFacts(
  { running }: ImageExplanation,
  { argo, file, live }: ApplicationExplanation,
): Fact[] {
  const state = file ? declaredState(argo) : argoLines(argo)
  if (!running) {
    const images = live.map((image) => ({ text: formatImageReference(image) }))
    const none = [{ text: file ? UNTOLD : 'no image is reported by Argo CD' }]
    return [{ label: 'Running', lines: [...(images.length > 0 ? images : none), ...aligned(state)] }]
  }
  const { source } = running.images
  const type = source.sourceType || 'of a type that is not known yet'
  return [
    { label: 'Running', lines: runningLines(running, state, file !== undefined) },
    { label: 'Source', lines: [{ text: `${source.field.path || 'none'}, ${type} (${source.reason})` }] },
  ]
}

function runningLines(running: RunningStory, state: readonly FactLine[], inFile: boolean): FactLine[] {
  const { images, notes, absence } = running
  const places = aligned([
    { lead: 'spec', text: specText(running) },
    { lead: 'live', text: inFile ? UNTOLD : liveText(running) },
    { lead: 'Pods', text: inFile ? UNTOLD : podsText(running) },
    ...state,
  ])
  const nowhere = images.found === 'nowhere' || images.found === 'forced'
  return [
    ...places,
    ...notes.map((text): FactLine => ({ style: 'yellow', text })),
    ...absence.map((text): FactLine => ({ style: 'yellow', text })),
    ...(nowhere && absence.length === 0
      ? [
          {
            style: 'yellow' as const,
            text: inFile ? 'the spec does not tell of it' : 'neither spec, nor status, nor Pods tell of it',
          },
        ]
      : []),
  ]
}

function specText({ images: { declared, source } }: RunningStory): string {
  if (declared.image) return `${tagAndDigest(declared.image.tag, declared.image.digest)} (${declared.field})`
  if (declared.text !== '') return `${declared.text} (${declared.field})`
  return source.overrideType === 'Unsupported'
    ? 'can override no image of this source'
    : `says nothing of it (looked in ${source.field.path})`
}

function liveText({ images, reported }: RunningStory): string {
  const seen = images.live.map(({ tag, digest }) => tagAndDigest(tag, digest)).join(', ')
  const where = reported === 0 ? 'status.summary.images is empty' : `status.summary.images lists ${reported}`
  return seen === '' ? `none (${where})` : `${seen} (${where})`
}

function podsText({ pods, podsProblem }: RunningStory): string {
  const names = new Set(pods.images.map(({ pod }) => pod))
  const digests = pods.digests.map((digest) => {
    const count = new Set(pods.images.filter((image) => image.digest === digest).map(({ pod }) => pod)).size
    return `${count} of them ${shortDigest(digest)}`
  })
  const told = [
    names.size === 0 ? 'none seen to run it' : `${names.size} ${names.size === 1 ? 'runs' : 'run'} it`,
    ...(pods.digests.length === 1 && pods.unknown === 0 ? [shortDigest(pods.digests[0] ?? '')] : digests),
    pods.unknown > 0 && `${pods.unknown} without a known digest`,
  ]
  return told.filter(Boolean).join(', ') + (podsProblem && ` (${podsProblem})`)
}

/** Whether it syncs by itself is written down, and nothing else of it. */
function declaredState(argo: ArgoState): FactLine[] {
  return [{ lead: 'Argo CD', text: `${UNTOLD}, but auto-sync is ${argo.autoSync ? 'on' : 'off'}` }]
}

function argoLines(argo: ArgoState): FactLine[] {
  const state = argo.sync === '' ? ['not compared yet'] : [argo.sync, argo.health]
  const auto = argo.autoSync ? 'auto-sync on' : 'auto-sync off: a change waits for somebody to sync'
  return [
    { lead: 'Argo CD', text: [...state, auto].filter(Boolean).join(', ') },
    ...argo.troubles.map((text): FactLine => ({ lead: 'Argo CD', style: 'red', text })),
  ]
}
