import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { stringify } from 'yaml'
import type { RegistryAddress, TestbedAddresses } from './addresses.ts'
import { createCertificateAuthority } from './certificates.ts'
import type { Components } from './components.ts'
import { freePort } from './free-port.ts'
import { startTokenServer, TOKEN_ISSUER, TOKEN_SERVICE } from './registry-token-server.ts'
import { startServer } from './server-process.ts'
import { allStarted, type Started } from './started.ts'

const USER = { username: 'ci', password: 'secret' }
/** `htpasswd -nbBC 4 ci secret`: bcrypt, the only form the registry takes; the cheapest, as it is checked on every request. */
const HTPASSWD = 'ci:$2y$04$rCnubv.TPu8.OfxgwqkJ2eCL.qhmVIv3uIWUZDZV44MsUBC9zFPNC\n'

/**
 * Starts the real Distribution registry in the three ways {@link TestbedAddresses} describes, each empty.
 * @param folder an existing empty folder; the caller removes it after `stop`
 */
export async function startRegistries(
  components: Components,
  folder: string,
): Promise<Started<TestbedAddresses['registries']>> {
  const begin = async (
    name: string,
    startVariant: (components: Components, folder: string) => Promise<Started<RegistryAddress>>,
  ) => {
    const own = join(folder, name)
    await mkdir(own)
    return startVariant(components, own)
  }
  return allStarted({
    open: begin('open', startOpenRegistry),
    basic: begin('basic', startBasic),
    token: begin('token', startWithTokens),
  })
}

/** The registry without authentication alone; `http` adds to that section of its configuration. */
export async function startOpenRegistry(
  components: Components,
  folder: string,
  http: object = {},
): Promise<Started<RegistryAddress>> {
  return start(components, folder, { username: '', password: '', caFile: '' }, { http })
}

async function startBasic(components: Components, folder: string): Promise<Started<RegistryAddress>> {
  const path = join(folder, 'htpasswd')
  await writeFile(path, HTPASSWD)
  return start(
    components,
    folder,
    { ...USER, caFile: '' },
    { auth: { htpasswd: { realm: 'testbed', path } } },
  )
}

async function startWithTokens(components: Components, folder: string): Promise<Started<RegistryAddress>> {
  const authority = await createCertificateAuthority(components.openssl, join(folder, 'pki'))
  const serving = await authority.issue('registry', '/CN=registry', 'server')
  const signing = await authority.issue('token', '/CN=token', 'server')
  const tokens = await startTokenServer(signing, USER)
  try {
    const registry = await start(
      components,
      folder,
      { ...USER, caFile: authority.certificateFile },
      {
        http: { tls: { certificate: serving.certificateFile, key: serving.keyFile } },
        auth: {
          token: {
            realm: tokens.realm,
            service: TOKEN_SERVICE,
            issuer: TOKEN_ISSUER,
            rootcertbundle: authority.certificateFile,
          },
        },
      },
    )
    return {
      address: registry.address,
      async stop() {
        await registry.stop()
        await tokens.stop()
      },
    }
  } catch (error) {
    await tokens.stop()
    throw error
  }
}

async function start(
  components: Components,
  folder: string,
  access: Omit<RegistryAddress, 'host' | 'url'>,
  { http = {}, ...settings }: { http?: object; auth?: object },
): Promise<Started<RegistryAddress>> {
  const host = `127.0.0.1:${await freePort()}`
  const configuration = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      cache: { blobdescriptor: 'inmemory' },
      filesystem: { rootdirectory: join(folder, 'data') },
      delete: { enabled: true },
    },
    http: { addr: host, relativeurls: true, ...http },
    ...settings,
  }
  const file = join(folder, 'registry.yml')
  await writeFile(file, stringify(configuration))
  const url = `${access.caFile ? 'https' : 'http'}://${host}`
  const dispatcher = new Agent(
    access.caFile ? { connect: { ca: await readFile(access.caFile, 'utf8') } } : {},
  )
  try {
    const server = await startServer({
      name: 'docker-registry',
      command: [components.dockerRegistry, 'serve', file],
      env: { OTEL_TRACES_EXPORTER: 'none' },
      logFile: join(folder, 'registry.log'),
      ready: async () => {
        const { statusCode, body } = await request(`${url}/v2/`, { dispatcher })
        await body.dump()
        return statusCode === 200 || statusCode === 401
      },
    })
    return { address: { host, url, ...access }, stop: () => server.stop() }
  } finally {
    await dispatcher.close()
  }
}
