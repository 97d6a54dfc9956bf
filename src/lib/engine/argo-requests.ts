import type { Application } from '../application/application.ts'
import { applicationField } from '../application/application-field.ts'
import { applicationPath } from '../cluster/applications.ts'
import type { ClusterClient } from '../cluster/client.ts'
import { isConflict } from '../cluster/status-error.ts'
import { UserError } from '../errors.ts'
import { annotationWrite } from '../writeback/annotation-write.ts'
import { FIELD_MANAGER } from '../writeback/field-manager.ts'
import { resourceVersionTest } from '../writeback/resource-version.ts'
import type { ObjectWrite } from '../writeback/write.ts'

/** How Argo CD compares anew: `hard` renders the manifests again instead of taking those it kept. */
export type Refresh = 'normal' | 'hard'

/** Argo CD compares an Application at once when it finds this, and takes it away. */
const REFRESH = 'argocd.argoproj.io/refresh'

export interface SyncRequest {
  /** Why, shown in Argo CD beside the operation; '' for nothing. */
  readonly reason: string
  /** Whether to delete what git no longer has; as with `argocd app sync`, not unless asked for. */
  readonly prune?: boolean
}

/** Controllers write an Application every few seconds at most; whoever loses more often fights somebody. */
const TRIES = 5

/** Asks Argo CD to compare the Application now instead of at its next round. */
export function refreshWrite(application: Application, refresh: Refresh): ObjectWrite {
  const write = annotationWrite(application, { remove: [], set: { [REFRESH]: refresh } })
  if (!write) throw new Error('a refresh that changes no annotation')
  return { ...write, summary: refresh === 'hard' ? 'ask for a hard refresh' : 'ask for a refresh' }
}

/**
 * Asks Argo CD to sync the Application now, as `argocd app sync` does without arguments: all resources, to the
 * revision the Application names, with hooks, and with the sync options and the retries of `spec.syncPolicy`.
 *
 * @throws UserError where an operation is asked for or under way already, or the Application is being deleted.
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function syncWrite(application: Application, { reason, prune = false }: SyncRequest): ObjectWrite {
  const root = applicationField(application)
  const { name, namespace = '', deletionTimestamp } = application.metadata
  if (deletionTimestamp !== undefined) {
    throw new UserError(`application "${name}" is being deleted: it is not synced`)
  }
  if (root.member('operation').value !== undefined) {
    throw new UserError(
      `application "${name}" is not synced: another operation is in progress${initiator(application)}`,
      `Wait for it, or end it with argocd app terminate-op ${name}`,
    )
  }
  const policy = root.member('spec').member('syncPolicy')
  const syncOptions = policy.member('syncOptions').items()
  const retry = policy.member('retry').value
  const operation = {
    initiatedBy: { automated: false, username: FIELD_MANAGER },
    ...(reason !== '' && { info: [{ name: 'Reason', value: reason }] }),
    ...(retry !== undefined && { retry }),
    sync: {
      ...(prune && { prune }),
      ...(syncOptions.length > 0 && { syncOptions: syncOptions.map((option) => option.text()) }),
      syncStrategy: { hook: {} },
    },
  }
  return {
    fields: [{ after: 'sync', before: '', field: 'operation' }],
    kind: 'application.argoproj.io',
    operations: [
      ...resourceVersionTest(application),
      // An absent field equals null: nobody may have asked for another operation meanwhile.
      { op: 'test', path: '/operation', value: null },
      { op: 'add', path: '/operation', value: operation },
    ],
    path: applicationPath(namespace, name),
    read: application,
    summary: 'ask for a sync',
  }
}

/** Sends {@link refreshWrite} for the Application as it is now. @throws ClusterError */
export function requestRefresh(
  client: ClusterClient,
  application: Application,
  refresh: Refresh,
): Promise<Application> {
  return send(client, application, (fresh) => refreshWrite(fresh, refresh))
}

/** Sends {@link syncWrite} for the Application as it is now. @throws UserError as it does, and ClusterError */
export function requestSync(
  client: ClusterClient,
  application: Application,
  request: SyncRequest,
): Promise<Application> {
  return send(client, application, (fresh) => syncWrite(fresh, request))
}

/** A request rests on nothing that was read, so after anybody's write it is made anew. */
async function send(
  client: ClusterClient,
  { metadata }: Application,
  requestFor: (fresh: Application) => ObjectWrite,
): Promise<Application> {
  const path = applicationPath(metadata.namespace ?? '', metadata.name)
  for (let attempt = 1; ; attempt += 1) {
    const { operations } = requestFor((await client.get(path)) as Application)
    try {
      return (await client.jsonPatch(path, operations, { fieldManager: FIELD_MANAGER })) as Application
    } catch (error) {
      if (!isConflict(error) || attempt >= TRIES) throw error
    }
  }
}

function initiator(application: Application): string {
  const by = applicationField(application).member('operation').member('initiatedBy')
  if (by.member('automated').flag()) return ", Argo CD's own"
  const user = by.member('username').text()
  return user === '' ? '' : `, asked for by ${user}`
}
