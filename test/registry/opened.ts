import { onTestFinished } from 'vitest'
import type { ImageReference } from '../../src/lib/image/reference.ts'
import { openRegistryAccess, type RegistryAccessOptions } from '../../src/lib/registry/access.ts'
import type { CredentialLookup } from '../../src/lib/registry/credentials/credential.ts'
import type { RegistryAccess } from '../../src/lib/registry/registry.ts'
import { FakeClock } from './fake-clock.ts'
import { type Script, type ScriptedServer, startServer } from './scripted-server.ts'

export const password: CredentialLookup = async () => ({
  kind: 'password',
  username: 'me',
  password: 'secret-word',
  source: 'test login',
})

/** Starts a scripted server that ends with the test. */
export async function server(script: Script): Promise<ScriptedServer> {
  const started = await startServer(script)
  onTestFinished(() => started.close())
  return started
}

export interface Opened {
  readonly access: RegistryAccess
  readonly clock: FakeClock
  /** A repository of the first host. */
  image(repository?: string): ImageReference
}

/** Registry access to plain-http servers on loopback, without any of this machine's own settings. */
export function open(hosts: readonly string[], options: Partial<RegistryAccessOptions> = {}): Opened {
  const clock = new FakeClock()
  const access = openRegistryAccess({
    userAgent: 'kubectl-image-updater/test',
    env: {},
    home: '/nonexistent',
    cacheDir: '',
    plainHttpHosts: hosts,
    clock,
    ...options,
  })
  onTestFinished(() => access.close())
  const registry = hosts[0] ?? ''
  return {
    access,
    clock,
    image: (repository = 'org/app') => ({ registry, repository, tag: '', digest: '' }),
  }
}
