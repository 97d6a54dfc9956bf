import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { ClusterError } from '../../src/lib/cluster/client.ts'
import type { ResourcePath } from '../../src/lib/cluster/resource-path.ts'
import { server } from '../registry/opened.ts'
import { json, type ScriptedServer } from '../registry/scripted-server.ts'

/** Objects of a cluster by `resource/namespace/name`, and what was asked for. */
export interface ObjectCluster {
  readonly asked: string[]
  readonly target: { context: string; server: string; namespace: string; namespaceSource: 'flag' }
  get(path: ResourcePath): Promise<KubernetesObject>
}

/** A cluster that has these objects, and says Forbidden for those that are the word `forbidden`. */
export function objectCluster(
  objects: Readonly<Record<string, Readonly<Record<string, unknown>> | 'forbidden'>>,
  namespace = 'argocd',
): ObjectCluster {
  const asked: string[] = []
  return {
    asked,
    target: { context: 'test', server: 'https://cluster.test', namespace, namespaceSource: 'flag' },
    async get({ resource, namespace: of = '', name = '' }) {
      const key = `${resource}/${of}/${name}`
      asked.push(key)
      const object = objects[key]
      if (object === 'forbidden') {
        throw new ClusterError(`${resource} "${name}" is forbidden`, 403, 'Forbidden', 'Ask for the right')
      }
      if (object === undefined) throw new ClusterError(`${resource} "${name}" not found`, 404, 'NotFound')
      return { ...object, metadata: { name, namespace: of, ...(object['metadata'] as object) } }
    },
  }
}

/** The data of a Secret, in base64 as the API gives it. */
export function secretData(fields: Readonly<Record<string, string>>): Record<string, string> {
  const encode = ([name, value]: [string, string]) => [name, Buffer.from(value).toString('base64')]
  return Object.fromEntries(Object.entries(fields).map(encode))
}

/** A Secret as `kubectl create secret docker-registry` makes it, with `user:password` by registry. */
export function pullSecret(logins: Readonly<Record<string, string>>): Record<string, unknown> {
  const entry = ([registry, login]: [string, string]) => [
    registry,
    { auth: Buffer.from(login).toString('base64') },
  ]
  const auths = Object.fromEntries(Object.entries(logins).map(entry))
  return {
    type: 'kubernetes.io/dockerconfigjson',
    data: secretData({ '.dockerconfigjson': JSON.stringify({ auths }) }),
  }
}

/** A ConfigMap with this registries.conf. */
export function configMap(text: string): Record<string, unknown> {
  return { data: { 'registries.conf': text } }
}

/** A registry that wants Basic authentication and remembers the logins it was sent. */
export interface PrivateRegistry extends ScriptedServer {
  /** Every `user:password` that arrived, in order. */
  readonly logins: string[]
}

/** @param accepts the login; it is asked for each request, so it may change */
export async function privateRegistry(accepts: () => string, tags = ['1.0.0']): Promise<PrivateRegistry> {
  const logins: string[] = []
  const started = await server((request, response) => {
    const authorization = request.headers.authorization ?? ''
    const login = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('utf8')
    if (authorization !== '') logins.push(login)
    if (login === accepts()) json(response, 200, { name: 'app', tags })
    else json(response, 401, {}, { 'www-authenticate': 'Basic realm="test"' })
  })
  return { ...started, logins }
}

/** A folder that ends with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'registries-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** An executable script in `folder`. */
export async function script(folder: string, name: string, ...lines: string[]): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'))
  await chmod(file, 0o755)
  return file
}
