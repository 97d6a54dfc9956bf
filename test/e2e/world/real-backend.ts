import { readFile } from 'node:fs/promises'
import type { TestbedAddresses } from '../../integration/testbed/addresses.ts'
import { pushImage } from '../../integration/testbed/push-image.ts'
import { openRegistry } from '../../integration/testbed/registry-http.ts'
import type { Backend, BackendOptions } from './backend.ts'

const ANY_MANIFEST = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
].join(', ')

/** The real kube-apiserver and docker-registry, which all worlds share. */
export async function openRealBackend(
  { kubernetes, registries }: TestbedAddresses,
  { authentication }: BackendOptions,
): Promise<Backend> {
  const address = authentication ? registries.basic : registries.open
  const read = (file: string) => readFile(file, 'utf8')
  const [certificateAuthority, clientCertificate, clientKey, registry] = await Promise.all([
    read(kubernetes.caFile),
    read(kubernetes.adminCertificateFile),
    read(kubernetes.adminKeyFile),
    openRegistry(address),
  ])
  return {
    access: { server: kubernetes.server, certificateAuthority, clientCertificate, clientKey },
    registry: {
      host: address.host,
      username: address.username,
      password: address.password,
      push: async (repository, tag, options) =>
        (await pushImage(registry, repository, [tag], options)).root.digest,
      resolve: async (repository, reference) => {
        const answer = await registry.send(`/v2/${repository}/manifests/${reference}`, {
          method: 'HEAD',
          headers: { accept: ANY_MANIFEST },
        })
        return answer.status === 200 ? String(answer.headers['docker-content-digest']) : undefined
      },
    },
    close: () => registry.close(),
  }
}
