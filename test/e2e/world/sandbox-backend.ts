import { startApiServer, startImageRegistry } from '../../../src/lib/sandbox/index.ts'
import type { Backend, BackendOptions } from './backend.ts'

const USER = { username: 'ci', password: 'secret' }

/** The embedded API server and registry, empty. */
export async function openSandboxBackend({ authentication }: BackendOptions): Promise<Backend> {
  const [apiServer, registry] = await Promise.all([
    startApiServer(),
    startImageRegistry(authentication ? { authentication: { scheme: 'basic', ...USER } } : {}),
  ])
  return {
    access: {
      server: apiServer.url,
      certificateAuthority: apiServer.certificateAuthority,
      token: apiServer.token,
    },
    registry: {
      host: registry.host,
      ...(authentication ? USER : { username: '', password: '' }),
      push: (repository, tag, options) => Promise.resolve(registry.pushImage(repository, tag, options)),
      resolve: (repository, reference) => Promise.resolve(registry.resolve(repository, reference)),
    },
    close: async () => {
      await Promise.all([apiServer.close(), registry.close()])
    },
  }
}
