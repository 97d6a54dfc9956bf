import type { Application } from './application.ts'
import { applicationField } from './application-field.ts'
import type { ObjectField } from './object-field.ts'

/** Somebody else who writes this Application and would undo a change to its spec. */
export interface ApplicationOwner {
  readonly kind: 'ApplicationSet' | 'Application'
  readonly name: string
  /** How it is known, for messages: `ownerReferences`, `annotation argocd.argoproj.io/tracking-id`. */
  readonly knownBy: string
  /** false: only a label says so, which charts use for other things too. */
  readonly certain: boolean
}

const TRACKING_ID = 'argocd.argoproj.io/tracking-id'
const INSTANCE_LABELS = ['argocd.argoproj.io/instance', 'app.kubernetes.io/instance']

/**
 * Who generates or deploys this Application: an ApplicationSet by its owner reference, an app of apps by
 * Argo CD's resource tracking. Empty for an Application that is nobody's but its author's.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function applicationOwners(application: Application): readonly ApplicationOwner[] {
  const metadata = applicationField(application).member('metadata')
  const sets = metadata
    .member('ownerReferences')
    .items()
    .filter((owner) => owner.member('kind').text() === 'ApplicationSet')
    .map((owner) => owner.member('name').text())
    .map((name) => ({ kind: 'ApplicationSet', name, knownBy: 'ownerReferences', certain: true }) as const)
  const parent = parentByTrackingId(metadata) ?? parentByLabel(metadata)
  return parent === undefined ? sets : [...sets, parent]
}

/**
 * `<app>:<group>/<kind>:<namespace>/<name>`. An identity other than the Application's own was copied along
 * with the manifest and says nothing.
 */
function parentByTrackingId(metadata: ObjectField): ApplicationOwner | undefined {
  const trackingId = metadata.member('annotations').member(TRACKING_ID).text()
  const [name = '', groupKind = '', identity = ''] = trackingId.split(':')
  const own = `${metadata.member('namespace').text()}/${metadata.member('name').text()}`
  if (name === '' || groupKind !== 'argoproj.io/Application' || identity !== own) return undefined
  return { kind: 'Application', name, knownBy: `annotation ${TRACKING_ID}`, certain: true }
}

function parentByLabel(metadata: ObjectField): ApplicationOwner | undefined {
  const labels = metadata.member('labels')
  const label = INSTANCE_LABELS.find((key) => labels.member(key).text() !== '')
  const name = label === undefined ? '' : labels.member(label).text()
  if (name === '' || name === metadata.member('name').text()) return undefined
  return { kind: 'Application', name, knownBy: `label ${label}`, certain: false }
}
