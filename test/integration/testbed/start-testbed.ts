import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestbedAddresses } from './addresses.ts'
import type { Components } from './components.ts'
import { startControlPlane } from './control-plane.ts'
import { startRegistries } from './docker-registry.ts'
import { startEcr } from './ecr.ts'
import { allStarted, type Started } from './started.ts'
import type { Timing } from './timing.ts'

/**
 * Starts every component at the same time, each in its own temporary folder. `stop` ends them all and removes
 * what they wrote; where one fails to start, that is done at once.
 */
export async function startTestbed(
  components: Components,
  timing: Timing,
): Promise<Started<TestbedAddresses>> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-image-updater-testbed-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const start = async <T>(name: string, begin: (folder: string) => Promise<Started<T>>) => {
    const own = join(folder, name)
    await mkdir(own)
    return timing.step(`start ${name}`, () => begin(own))
  }
  try {
    const { address, stop } = await allStarted<TestbedAddresses>({
      kubernetes: start('kubernetes', (own) =>
        startControlPlane(components, own, process.env['TESTBED_CRDS']),
      ),
      registries: start('registries', (own) => startRegistries(components, own)),
      ecr: start('ecr', (own) => startEcr(components, own)),
    })
    return { address, stop: () => stop().then(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}
