import { createHash } from 'node:crypto'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { InClusterWatch } from './in-cluster-watch.ts'
import { objectMetadata } from './labels.ts'

/** The files of the operator; none where there are none. */
export function configMap(watch: InClusterWatch): KubernetesObject[] {
  if (watch.files.size === 0) return []
  const data = Object.fromEntries(watch.files)
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: objectMetadata(watch), data }]
}

/** Changes with the files, so that the Pods are replaced when a file is: they read each once. */
export function filesChecksum({ files }: Pick<InClusterWatch, 'files'>): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
}
