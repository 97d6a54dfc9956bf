import type { Application } from './application.ts'
import { applicationField } from './application-field.ts'

/** Where an Application's workloads run. */
export interface Destination {
  /** The API server's URL; '' where the cluster is given by name. */
  readonly server: string
  /** The name under which Argo CD knows the cluster; '' where it is given by URL. */
  readonly name: string
  /** The namespace for resources that name none themselves; '' when the Application sets none. */
  readonly namespace: string
  /** Whether it is the cluster that Argo CD itself runs in, and so the one the Application was read from. */
  readonly inCluster: boolean
}

const IN_CLUSTER_SERVER = 'https://kubernetes.default.svc'
const IN_CLUSTER_NAME = 'in-cluster'

/** Reads `spec.destination`. @throws MalformedFieldError naming the field that has the wrong shape. */
export function destinationOf(application: Application): Destination {
  const destination = applicationField(application).member('spec').member('destination')
  const server = destination.member('server').text().replace(/\/+$/, '')
  const name = destination.member('name').text()
  const namespace = destination.member('namespace').text()
  return { server, name, namespace, inCluster: server === IN_CLUSTER_SERVER || name === IN_CLUSTER_NAME }
}
