import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'undici'
import type { KubernetesAddress } from './addresses.ts'
import { createCertificateAuthority } from './certificates.ts'
import { runCommand } from './command.ts'
import type { Components } from './components.ts'
import { installCustomResources } from './custom-resources.ts'
import { freePort } from './free-port.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { type AdminApi, openAdminApi } from './kubernetes-api.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import type { Started } from './started.ts'

const TOKENS = { dev: 'dev-token', viewer: 'viewer-token' }

/**
 * Starts etcd and kube-apiserver (nothing else: no controllers, no nodes) with RBAC, the custom resources
 * and the namespace `argocd`.
 * @param folder an existing empty folder; the caller removes it after `stop`
 * @param customResources folder of full definitions that replace the minimal ones
 */
export async function startControlPlane(
  components: Components,
  folder: string,
  customResources: string | undefined,
): Promise<Started<KubernetesAddress>> {
  const started: ServerProcess[] = []
  const stop = async () => {
    // The API server first: without etcd it would only fill its log.
    for (const server of started.toReversed()) await server.stop()
  }
  try {
    const version = (await runCommand(components.kubeApiserver, ['--version']))
      .trim()
      .replace('Kubernetes ', '')
    const etcd = `http://127.0.0.1:${await freePort()}`
    started.push(await startEtcd(components.etcd, folder, etcd))
    const { address, command } = await prepareApiserver(components, folder, etcd, version)
    const api = await openAdminApi(address)
    try {
      const ready = async () => (await api.send('GET', '/readyz')).status === 200
      const logFile = join(folder, 'kube-apiserver.log')
      started.push(await startServer({ name: 'kube-apiserver', command, logFile, ready }))
      await Promise.all([createNamespace(api), installCustomResources(api, customResources)])
    } finally {
      await api.close()
    }
    await writeKubeconfig(address)
    return { address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startEtcd(etcd: string, folder: string, url: string): Promise<ServerProcess> {
  const peers = `http://127.0.0.1:${await freePort()}`
  return startServer({
    name: 'etcd',
    logFile: join(folder, 'etcd.log'),
    command: [
      etcd,
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=default=${peers}`,
    ],
    async ready() {
      const { statusCode, body } = await request(`${url}/health`)
      return statusCode === 200 && (await body.text()).includes('true')
    },
  })
}

async function prepareApiserver(components: Components, folder: string, etcd: string, version: string) {
  const authority = await createCertificateAuthority(components.openssl, join(folder, 'pki'))
  const serving = await authority.issue('apiserver', '/CN=kube-apiserver', 'server')
  const admin = await authority.issue('admin', '/O=system:masters/CN=admin', 'client')
  // Service account tokens are signed with the serving key: one key fewer, and nobody else is to trust them.
  const signing = serving
  const tokens = join(folder, 'tokens.csv')
  await writeFile(tokens, `${TOKENS.dev},dev,dev,"developers"\n${TOKENS.viewer},viewer,viewer,"viewers"\n`)
  const port = await freePort()
  const minor = Number(/^v1\.(\d+)/.exec(version)?.[1])
  const address: KubernetesAddress = {
    server: `https://127.0.0.1:${port}`,
    version,
    kubeconfig: join(folder, 'kubeconfig'),
    caFile: authority.certificateFile,
    adminCertificateFile: admin.certificateFile,
    adminKeyFile: admin.keyFile,
    tokens: TOKENS,
  }
  const command = [
    components.kubeApiserver,
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    // Removed in 1.24; before, a second, unprotected port unless switched off.
    ...(minor < 24 ? ['--insecure-port=0'] : []),
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--authorization-mode=RBAC',
    `--tls-cert-file=${serving.certificateFile}`,
    `--tls-private-key-file=${serving.keyFile}`,
    `--client-ca-file=${authority.certificateFile}`,
    `--token-auth-file=${tokens}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${signing.certificateFile}`,
    `--service-account-signing-key-file=${signing.keyFile}`,
    // Its controller, which makes the accounts that it asks for, does not run here.
    '--disable-admission-plugins=ServiceAccount',
  ]
  return { address, command }
}

async function createNamespace(api: AdminApi): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } }
  const { status, body } = await api.send('POST', '/api/v1/namespaces', namespace)
  if (status !== 201) throw new Error(`cannot create the namespace argocd: ${JSON.stringify(body)}`)
}
