import { type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../json.ts'
import { ageOf } from './age.ts'

/** A column of `kubectl get`; priority above 0 shows only with `-o wide`. */
export interface Column {
  readonly name: string
  readonly type: 'string' | 'integer' | 'date'
  readonly priority: number
  readonly cell: (object: JsonObject, now: Date) => Json
}

function column(name: string, cell: Column['cell'], priority = 0, type: Column['type'] = 'string'): Column {
  return { name, type, priority, cell }
}

const text = (name: string, path: readonly string[], priority = 0): Column =>
  column(name, (object) => textAt(object, ...path), priority)
const count = (name: string, ...path: readonly string[]): Column =>
  column(name, (object) => numberAt(object, 0, ...path), 0, 'integer')
const joined = (values: readonly string[]): string => (values.length > 0 ? values.join(',') : '<none>')

const name = column('Name', (object) => textAt(object, 'metadata', 'name'))
const age = column('Age', (object, now) => ageOf(textAt(object, 'metadata', 'creationTimestamp'), now))
const keys = column('Data', (object) => Object.keys(objectAt(object, 'data')).length, 0, 'integer')
const ready = column(
  'Ready',
  (object) => `${numberAt(object, 0, 'status', 'readyReplicas')}/${numberAt(object, 0, 'spec', 'replicas')}`,
)
const templateContainers = (object: JsonObject): Json[] =>
  listAt(object, 'spec', 'template', 'spec', 'containers')
const containers = column(
  'Containers',
  (object) => joined(templateContainers(object).map((c) => textAt(c, 'name'))),
  1,
)
const images = column(
  'Images',
  (object) => joined(templateContainers(object).map((c) => textAt(c, 'image'))),
  1,
)
const selector = column(
  'Selector',
  (object) =>
    joined(
      Object.entries(objectAt(object, 'spec', 'selector', 'matchLabels')).map(
        ([key, value]) => `${key}=${value}`,
      ),
    ),
  1,
)

function podReady(object: JsonObject): string {
  const statuses = listAt(object, 'status', 'containerStatuses')
  const readyCount = statuses.filter((status) => objectAt(status)['ready'] === true).length
  return `${readyCount}/${listAt(object, 'spec', 'containers').length}`
}

function podStatus(object: JsonObject): string {
  if (textAt(object, 'metadata', 'deletionTimestamp')) return 'Terminating'
  const waiting = listAt(object, 'status', 'containerStatuses').map((status) =>
    textAt(status, 'state', 'waiting', 'reason'),
  )
  return waiting.find((reason) => reason !== '') ?? textAt(object, 'status', 'phase')
}

function restarts(object: JsonObject): number {
  return listAt(object, 'status', 'containerStatuses').reduce(
    (sum: number, status) => sum + numberAt(status, 0, 'restartCount'),
    0,
  )
}

function condition(object: JsonObject, type: string): string {
  const found = listAt(object, 'status', 'conditions').find((item) => textAt(item, 'type') === type)
  return textAt(found, 'status')
}

function lastChecked(object: JsonObject, now: Date): Json {
  const time = textAt(object, 'status', 'lastCheckedAt')
  return time === '' ? null : ageOf(time, now)
}

const lastSeen = (event: JsonObject): string => textAt(event, 'lastTimestamp') || textAt(event, 'eventTime')
const firstSeen = (event: JsonObject): string => textAt(event, 'firstTimestamp') || textAt(event, 'eventTime')

/** `component, host`, as kubectl and the API server put together who reported. */
function eventSource(event: JsonObject): string {
  const component = textAt(event, 'source', 'component') || textAt(event, 'reportingComponent')
  const host = textAt(event, 'source', 'host') || textAt(event, 'reportingInstance')
  return [component, host].filter((part) => part !== '').join(', ')
}

const orNone = (value: string): string => value || '<none>'

const BY_PLURAL: Readonly<Record<string, readonly Column[]>> = {
  namespaces: [name, text('Status', ['status', 'phase']), age],
  pods: [
    name,
    column('Ready', podReady),
    column('Status', podStatus),
    column('Restarts', restarts, 0, 'integer'),
    age,
    column('IP', (object) => orNone(textAt(object, 'status', 'podIP')), 1),
    column('Node', (object) => orNone(textAt(object, 'spec', 'nodeName')), 1),
  ],
  events: [
    column('Last Seen', (object, now) => ageOf(lastSeen(object), now)),
    text('Type', ['type']),
    text('Reason', ['reason']),
    column(
      'Object',
      (object) =>
        `${textAt(object, 'involvedObject', 'kind').toLowerCase()}/${textAt(object, 'involvedObject', 'name')}`,
    ),
    text('Subobject', ['involvedObject', 'fieldPath'], 1),
    column('Source', eventSource, 1),
    column('Message', (object) => textAt(object, 'message').trim()),
    column('First Seen', (object, now) => ageOf(firstSeen(object), now), 1),
    column('Count', (object) => Math.max(1, numberAt(object, 1, 'count')), 1, 'integer'),
    column('Name', (object) => textAt(object, 'metadata', 'name'), 1),
  ],
  secrets: [name, text('Type', ['type']), keys, age],
  configmaps: [name, keys, age],
  deployments: [
    name,
    ready,
    count('Up-to-date', 'status', 'updatedReplicas'),
    count('Available', 'status', 'availableReplicas'),
    age,
    containers,
    images,
    selector,
  ],
  statefulsets: [name, ready, age, containers, images],
  daemonsets: [
    name,
    count('Desired', 'status', 'desiredNumberScheduled'),
    count('Current', 'status', 'currentNumberScheduled'),
    count('Ready', 'status', 'numberReady'),
    count('Up-to-date', 'status', 'updatedNumberScheduled'),
    count('Available', 'status', 'numberAvailable'),
    age,
    containers,
    images,
    selector,
  ],
  replicasets: [
    name,
    count('Desired', 'spec', 'replicas'),
    count('Current', 'status', 'replicas'),
    count('Ready', 'status', 'readyReplicas'),
    age,
    containers,
    images,
    selector,
  ],
  // As Argo CD's CRD states them: it has no column for the age.
  applications: [
    name,
    text('Sync Status', ['status', 'sync', 'status']),
    text('Health Status', ['status', 'health', 'status']),
    text('Revision', ['status', 'sync', 'revision'], 10),
    text('Project', ['spec', 'project'], 10),
  ],
  rollouts: [
    name,
    count('Desired', 'spec', 'replicas'),
    count('Current', 'status', 'replicas'),
    count('Up-to-date', 'status', 'updatedReplicas'),
    count('Available', 'status', 'availableReplicas'),
    age,
  ],
  imageupdaters: [
    name,
    count('Apps', 'status', 'applicationsMatched'),
    count('Images', 'status', 'imagesManaged'),
    column('Last Checked', lastChecked, 0, 'date'),
    column('Ready', (object) => condition(object, 'Ready')),
  ],
  leases: [name, text('Holder', ['spec', 'holderIdentity']), age],
}

/** The columns of a resource by its plural; name and age where it states none. */
export function columnsOf(plural: string): readonly Column[] {
  return BY_PLURAL[plural] ?? [name, age]
}
