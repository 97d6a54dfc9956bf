import { ObjectField } from '../application/object-field.ts'
import { ClusterError } from './client.ts'
import type { ResourcePath } from './resource-path.ts'
import { groupVersionUrl } from './resource-url.ts'
import { errorFromAnswer } from './status-error.ts'
import type { ApiTransport } from './transport.ts'

/** What the API server says of itself. */
export interface ServerVersion {
  /** `v1.36.2`; '' where this user may not ask. */
  readonly version: string
  /** The server's clock, to the second; undefined where it does not tell. */
  readonly date: Date | undefined
  /** When the answer came, by our own. */
  readonly receivedAt: Date
}

/**
 * Asks the API server for its version. That it refuses to tell (403) is an answer too.
 *
 * @throws ClusterError when it cannot be reached, does not know us, or is no API server
 */
export async function serverVersion(
  transport: Pick<ApiTransport, 'send' | 'connection'>,
): Promise<ServerVersion> {
  const { status, text, date } = await transport.send({ method: 'GET', path: '/version' })
  const told = { date: readDate(date), receivedAt: new Date() }
  if (status === 403) return { ...told, version: '' }
  const { context, server } = transport.connection
  if (status === 404) throw noApiServer(server)
  if (status !== 200) {
    const path = { group: '', version: 'v1', resource: 'version' }
    throw errorFromAnswer({ verb: 'get', path, context, server }, status, text)
  }
  const version = field(text, server).member('gitVersion').text()
  if (version === '') throw noApiServer(server)
  return { ...told, version }
}

/**
 * The resource types of a group and version, by plural: `applications`. Undefined when the server does not
 * have them at all.
 *
 * @throws ClusterError when it cannot be asked
 */
export async function servedResources(
  transport: Pick<ApiTransport, 'send' | 'connection'>,
  type: Pick<ResourcePath, 'group' | 'version'>,
): Promise<ReadonlySet<string> | undefined> {
  const { status, text } = await transport.send({ method: 'GET', path: groupVersionUrl(type) })
  if (status === 404) return undefined
  const { context, server } = transport.connection
  if (status !== 200) {
    throw errorFromAnswer({ verb: 'get', path: { ...type, resource: '*' }, context, server }, status, text)
  }
  const resources = field(text, server).member('resources').items()
  return new Set(resources.map((resource) => resource.member('name').text()))
}

function field(text: string, server: string): ObjectField {
  try {
    return new ObjectField(`the answer of ${server}`, JSON.parse(text))
  } catch {
    throw noApiServer(server)
  }
}

function noApiServer(server: string): ClusterError {
  return new ClusterError(
    `${server} answers, but not as an API server does`,
    0,
    'BadAnswer',
    'Check that the server in the kubeconfig is a Kubernetes API server',
  )
}

function readDate(header: string): Date | undefined {
  const date = new Date(header)
  return Number.isNaN(date.getTime()) ? undefined : date
}
