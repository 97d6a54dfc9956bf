import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import type { RegistryAddress } from '../test/integration/testbed/addresses.ts'
import { installComponents } from '../test/integration/testbed/components.ts'
import { startOpenRegistry } from '../test/integration/testbed/docker-registry.ts'
import { freePort } from '../test/integration/testbed/free-port.ts'
import { pushImage } from '../test/integration/testbed/push-image.ts'
import { openRegistry } from '../test/integration/testbed/registry-http.ts'
import type { BenchRegistry } from './bench-registry.ts'
import { inParallel } from './in-parallel.ts'
import { PLATFORMS, planRepositories, type Scale } from './workload.ts'

const PARALLEL_PUSHES = 16

/** Starts the real Distribution registry and pushes everything planned by HTTP: about 100 tags a second. */
export async function startRealRegistry(
  scale: Scale,
  announce: (line: string) => void,
): Promise<BenchRegistry> {
  const components = await installComponents(announce)
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-image-updater-bench-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const metrics = `127.0.0.1:${await freePort()}`
    const debug = { addr: metrics, prometheus: { enabled: true, path: '/metrics' } }
    const { address, stop } = await startOpenRegistry(components, folder, { debug })
    try {
      await pushAll(address, scale)
    } catch (error) {
      await stop()
      throw error
    }
    return {
      host: address.host,
      requests: () => countRequests(`http://${metrics}/metrics`),
      stop: () => stop().then(remove),
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function pushAll(address: RegistryAddress, scale: Scale): Promise<void> {
  const registry = await openRegistry(address, PARALLEL_PUSHES)
  const pushes = planRepositories(scale).flatMap(({ name, tags }) => tags.map((tag) => ({ name, tag })))
  await inParallel(PARALLEL_PUSHES, pushes.values(), async ({ name, tag }) => {
    await pushImage(registry, name, [tag.name], { platforms: PLATFORMS, created: tag.createdAt })
  })
  await registry.close()
}

/** The sum over methods, handlers and status codes of the registry's own request counter. */
async function countRequests(metrics: string): Promise<number> {
  const { body } = await request(metrics)
  const counters = (await body.text()).matchAll(/^registry_http_requests_total\{[^}]*\} (\S+)$/gm)
  return counters.reduce((sum, [, value]) => sum + Number(value), 0)
}
