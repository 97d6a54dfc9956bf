import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import type { KubernetesAddress } from './addresses.ts'

/** Writes the kubeconfig that {@link KubernetesAddress} describes. */
export async function writeKubeconfig(address: KubernetesAddress): Promise<void> {
  const users = {
    admin: { 'client-certificate': address.adminCertificateFile, 'client-key': address.adminKeyFile },
    dev: { token: address.tokens.dev },
    viewer: { token: address.tokens.viewer },
  }
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'admin',
    clusters: [
      { name: 'testbed', cluster: { server: address.server, 'certificate-authority': address.caFile } },
    ],
    users: Object.entries(users).map(([name, user]) => ({ name, user })),
    contexts: Object.keys(users).map((name) => ({
      name,
      context: { cluster: 'testbed', user: name, namespace: 'argocd' },
    })),
  }
  await writeFile(address.kubeconfig, stringify(document), { mode: 0o600 })
}
