import { type Json, type JsonObject, listAt, textAt, valueAt } from '../../../src/lib/sandbox/json.ts'
import type { World } from './world.ts'

/** What the Pods of an Application's Deployment report to run, each digest once. */
export async function runningDigests(world: World, deployment: string): Promise<string[]> {
  const pods = await world.list('Pod', world.workloads)
  const own = pods.filter((pod) => textAt(pod, 'metadata', 'labels', 'app') === deployment)
  const images = own.flatMap((pod) =>
    listAt(pod, 'status', 'containerStatuses').map((status) => textAt(status, 'imageID')),
  )
  return [...new Set(images.map((image) => image.slice(image.indexOf('@') + 1)))]
}

/** `spec.source` of an Application. */
export async function sourceOf(world: World, name: string): Promise<Json | undefined> {
  return valueAt(await world.read('Application', world.namespace, name), 'spec', 'source')
}

export async function deploymentOf(world: World, name: string): Promise<JsonObject> {
  return world.read('Deployment', world.workloads, name)
}

/** Changes with every write, whoever wrote. */
export async function resourceVersion(
  world: World,
  kind: 'Application' | 'Deployment',
  name: string,
): Promise<string> {
  const namespace = kind === 'Application' ? world.namespace : world.workloads
  return textAt(await world.read(kind, namespace, name), 'metadata', 'resourceVersion')
}
