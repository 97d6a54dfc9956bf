import type { Application } from '../../application/application.ts'
import { ClusterError } from '../../cluster/client.ts'
import { timestamp } from '../api/writes.ts'
import {
  canonicalText,
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  textAt,
  valueAt,
} from '../json.ts'
import { type ClusterView, KINDS, type Kind, nameOf, namespaceOf } from './cluster-view.ts'
import { contains } from './contains.ts'
import { healthOf, worstHealth } from './health.ts'
import { imagesOf, type ManifestSources, renderManifests, revisionOf } from './manifest-source.ts'
import { operationEnds, operationFailed, sourceFields, syncRecord, type Target } from './sync-record.ts'
import { threeWayPatch } from './three-way-patch.ts'

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const TRACKING_ID = 'argocd.argoproj.io/tracking-id'
const REFRESH = 'argocd.argoproj.io/refresh'

/**
 * The application controller: renders every Application, applies what changed where it may, and reports in
 * the Application's status – in the main resource, for Argo CD's CRD has no status subresource.
 */
export async function runApplications(view: ClusterView, sources: ManifestSources): Promise<void> {
  const living = view.all('Application').filter((object) => !textAt(object, 'metadata', 'deletionTimestamp'))
  await Promise.all(living.map((object) => runApplication(view, object, sources)))
}

async function runApplication(view: ClusterView, object: JsonObject, find: ManifestSources): Promise<void> {
  const target = renderTarget(object, find)
  if (!target) {
    await report(view, object, {
      sync: { status: 'Unknown' },
      health: { status: 'Unknown' },
      conditions: [
        { type: 'ComparisonError', message: 'Failed to load target state: app path does not exist' },
      ],
    })
    return
  }
  if (!mustSync(view, object, target)) {
    await report(view, object, statusOf(view, object, target))
    return
  }
  try {
    await Promise.all(target.manifests.map((manifest) => applyManifest(view, manifest)))
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    const conditions = [{ type: 'SyncError', message: `Failed sync attempt: ${error.message}` }]
    const failed = { ...statusOf(view, object, target), ...operationFailed(object, target, error.message) }
    await report(view, object, { ...failed, conditions }, operationEnds(object))
    return
  }
  await view.patch('Application', object, {
    ...operationEnds(object),
    status: syncRecord(object, target, new Date()),
  })
}

function renderTarget(object: JsonObject, find: ManifestSources): Target | undefined {
  const application = object as unknown as Application
  const sources = application.spec.sources ?? (application.spec.source ? [application.spec.source] : [])
  // A source that only lends its files to others (`ref`) has no manifests of its own.
  const rendering = sources.filter((source) => source.path !== undefined || source.chart !== undefined)
  const found = rendering.map(find)
  if (found.length === 0 || !found.every((source) => source !== undefined)) return undefined
  const namespace = application.spec.destination?.namespace ?? 'default'
  return {
    sources,
    found,
    revisions: found.map(revisionOf),
    manifests: rendering
      .flatMap((source, index) => {
        const manifestSource = found[index]
        return manifestSource ? renderManifests(manifestSource, source) : []
      })
      .map((manifest) => tracked(manifest, namespace, nameOf(object))),
  }
}

function tracked(manifest: JsonObject, namespace: string, application: string): JsonObject {
  const metadata = { namespace, ...objectAt(manifest, 'metadata') }
  const group = textAt(manifest, 'apiVersion').split('/').slice(0, -1).join('/')
  const id = `${application}:${group}/${textAt(manifest, 'kind')}:${metadata.namespace}/${textAt(metadata, 'name')}`
  return {
    ...manifest,
    metadata: { ...metadata, annotations: { ...objectAt(metadata, 'annotations'), [TRACKING_ID]: id } },
  }
}

/** Asked to, or automated and either not yet synced to this revision and source, or healing itself. */
function mustSync(view: ClusterView, object: JsonObject, target: Target): boolean {
  if (valueAt(object, 'operation', 'sync') !== undefined) return true
  const automated = valueAt(object, 'spec', 'syncPolicy', 'automated')
  if (!isObject(automated) || automated['enabled'] === false) return false
  const last = valueAt(object, 'status', 'operationState', 'syncResult')
  const synced = Object.entries(sourceFields(object, target)).every(([key, value]) =>
    equalJson(valueAt(last, key), value),
  )
  return !synced || (automated['selfHeal'] === true && !inSync(view, target))
}

function liveOf(view: ClusterView, manifest: JsonObject): JsonObject | undefined {
  return view.find(kindOf(manifest), namespaceOf(manifest), nameOf(manifest))
}

function kindOf(manifest: JsonObject): Kind {
  const kind = textAt(manifest, 'kind')
  if (!Object.hasOwn(KINDS, kind)) throw new Error(`the simulation applies no ${kind}`)
  return kind as Kind
}

function inSync(view: ClusterView, target: Target): boolean {
  return target.manifests.every((manifest) => contains(liveOf(view, manifest), manifest))
}

async function applyManifest(view: ClusterView, manifest: JsonObject): Promise<void> {
  const kind = kindOf(manifest)
  const live = liveOf(view, manifest)
  const applied: JsonObject = {
    ...manifest,
    metadata: {
      ...objectAt(manifest, 'metadata'),
      annotations: {
        ...objectAt(manifest, 'metadata', 'annotations'),
        [LAST_APPLIED]: `${canonicalText(manifest)}\n`,
      },
    },
  }
  if (!live) await view.create(kind, namespaceOf(manifest), applied)
  else if (!contains(live, applied)) {
    const last = textAt(live, 'metadata', 'annotations', LAST_APPLIED)
    const lastApplied = last ? (JSON.parse(last) as JsonObject) : {}
    await view.apply(kind, live, threeWayPatch(lastApplied, applied, kind !== 'Rollout'))
  }
}

function statusOf(view: ClusterView, object: JsonObject, target: Target): JsonObject {
  const live = target.manifests.map((manifest) => liveOf(view, manifest))
  const health = live.map((resource) => healthOf(resource))
  const multiple = valueAt(object, 'spec', 'sources') !== undefined
  const types = target.found.map((found) => found.sourceType)
  const destination = objectAt(object, 'spec', 'destination')
  return {
    ...(multiple ? { sourceTypes: types } : { sourceType: types[0] ?? '' }),
    sync: {
      status: inSync(view, target) ? 'Synced' : 'OutOfSync',
      ...(multiple ? { revisions: [...target.revisions] } : { revision: target.revisions[0] ?? '' }),
      comparedTo: { destination, ...pick(objectAt(object, 'spec'), multiple ? 'sources' : 'source') },
    },
    health: { status: worstHealth(health.map(({ status }) => status)) },
    summary: { images: runningImages(view, live) },
    resources: target.manifests.map((manifest, index): Json => {
      const [group = '', version = ''] = textAt(manifest, 'apiVersion').split('/')
      return {
        group,
        version,
        kind: textAt(manifest, 'kind'),
        namespace: namespaceOf(manifest),
        name: nameOf(manifest),
        status: contains(live[index], manifest) ? 'Synced' : 'OutOfSync',
        health: { ...(health[index] ?? { status: 'Missing' }) },
      }
    }),
    conditions: [],
  }
}

function pick(object: JsonObject, key: string): JsonObject {
  return object[key] === undefined ? {} : { [key]: object[key] }
}

/** The images of the pods, as Argo CD lists them: every spelling once, sorted. */
function runningImages(view: ClusterView, live: readonly (JsonObject | undefined)[]): string[] {
  const pods = live.flatMap((resource) => {
    if (!resource) return []
    const sets = view.ownedBy('ReplicaSet', resource)
    return [resource, ...sets].flatMap((owner) => view.ownedBy('Pod', owner))
  })
  return [...new Set(pods.flatMap(imagesOf))].sort()
}

/**
 * Writes what is new in the status, and ends a request for a refresh: Argo CD takes the annotation away and
 * notes when it compared, even where nothing has changed. `more` is written along with a changed status.
 */
async function report(
  view: ClusterView,
  object: JsonObject,
  status: JsonObject,
  more: JsonObject = {},
): Promise<void> {
  const live = objectAt(object, 'status')
  const refresh = textAt(object, 'metadata', 'annotations', REFRESH) !== ''
  // Lists are replaced as a whole, so what is in the live status beyond the wanted one counts too.
  const same = Object.entries(status).every(([key, value]) => {
    const found = valueAt(live, key)
    if (found === undefined) return Array.isArray(value) && value.length === 0
    return contains(found, value) && contains(value, found)
  })
  if (same && !refresh && Object.keys(more).length === 0) return
  await view.patch('Application', object, {
    ...more,
    ...(refresh ? { metadata: { annotations: { [REFRESH]: null } } } : {}),
    status: { ...status, reconciledAt: timestamp(new Date()) },
  })
}
