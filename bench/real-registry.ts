import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistryAddress } from '../test/integration/testbed/addresses.ts'
import { installComponents } from '../test/integration/testbed/components.ts'
import { startOpenRegistry } from '../test/integration/testbed/docker-registry.ts'
import { pushImage } from '../test/integration/testbed/push-image.ts'
import { openRegistry } from '../test/integration/testbed/registry-http.ts'
import type { Started } from '../test/integration/testbed/started.ts'
import { inParallel } from './in-parallel.ts'
import { type PlannedRepository, planRepositories, type Scale } from './workload.ts'

const PARALLEL_PUSHES = 16
const PLATFORMS = [{ os: 'linux', architecture: 'amd64', variant: '' }]

/** Starts the real Distribution registry and pushes everything planned, by HTTP: about two minutes at full scale. */
export async function startRealRegistry(
  scale: Scale,
  announce: (line: string) => void,
): Promise<Started<RegistryAddress>> {
  const components = await installComponents(announce)
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-image-updater-bench-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const { address, stop } = await startOpenRegistry(components, folder)
    try {
      await pushAll(address, planRepositories(scale))
    } catch (error) {
      await stop()
      throw error
    }
    return { address, stop: () => stop().then(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

async function pushAll(address: RegistryAddress, repositories: readonly PlannedRepository[]): Promise<void> {
  const registry = await openRegistry(address, PARALLEL_PUSHES)
  const pushes = repositories.flatMap(({ name, tags }) => tags.map((tag) => ({ name, tag }))).values()
  await inParallel(PARALLEL_PUSHES, pushes, async ({ name, tag }) => {
    await pushImage(registry, name, [tag.name], { platforms: PLATFORMS, created: tag.createdAt })
  })
  await registry.close()
}
