import { expect, it, type TestContext, vi } from 'vitest'
import type { Running } from './world/plugin.ts'
import { startWorld, type World } from './world/world.ts'

vi.setConfig({ testTimeout: 90_000 })

/** A watch that says how it is, of an Application with an image and one whose repository does not exist. */
async function watched(test: TestContext): Promise<{ world: World; running: Running; ask: Ask }> {
  const world = await startWorld({ detours: true })
  test.onTestFinished(() => world.close())
  const image = world.repository('web')
  for (const tag of ['1.0.0', '1.1.0']) await world.push('web', tag)
  for (const [name, repository] of [
    ['shop', image],
    ['lost', world.repository('nothing')],
  ] as const) {
    await world.deploy({
      images: { web: `${repository}:1.0.0` },
      name,
      rules: { 'image-list': `web=${repository}` },
    })
  }
  await world.settle()
  const running = world.start(['watch', '--interval', '10s', '--metrics-addr', '127.0.0.1:0', '-o', 'json'])
  await running.until(() => expect(running.stdout).toContain('"type":"applied"'))
  const [, address] = /metrics and probes at (\S+)$/m.exec(running.stderr) ?? []
  const ask = async (path: string) => {
    const answer = await fetch(`${address}${path}`)
    return { status: answer.status, text: await answer.text() }
  }
  return { ask, running, world }
}

type Ask = (path: string) => Promise<{ readonly status: number; readonly text: string }>

/** What is said to match, until it does. */
async function until(ask: Ask, ...lines: readonly string[]): Promise<void> {
  await vi.waitFor(
    async () => expect((await ask('/metrics')).text.split('\n')).toEqual(expect.arrayContaining([...lines])),
    {
      interval: 100,
      timeout: 40_000,
    },
  )
}

it.concurrent('the numbers tell what happened, and the probes stay good while registry and cluster are away', async (test) => {
  const { ask, world } = await watched(test)
  const registry = (code: string | number, count: number) =>
    `image_updater_registry_requests_total{registry="${world.registryHost}",code="${code}"} ${count}`
  await until(
    ask,
    'image_updater_applications 2',
    'image_updater_cycles_total{result="ok"} 1',
    'image_updater_images{state="failed"} 1',
    'image_updater_images{state="update"} 1',
    'image_updater_updates_total{result="applied"} 1',
    'image_updater_kubernetes_requests_total{method="PATCH",code="200"} 1',
    registry(404, 1),
  )
  if (world.registry) {
    world.registry.intercept = (line) =>
      line.includes('/web/') ? { headers: { 'retry-after': '1' }, status: 429 } : undefined
  }
  await vi.waitFor(
    async () => expect((await ask('/metrics')).text).toMatch(/registry_requests_total\{.*code="429"\} \d/),
    {
      interval: 100,
      timeout: 40_000,
    },
  )
  await Promise.all([world.api?.down(), world.registry?.down()])
  await until(ask, 'image_updater_cycles_total{result="failed"} 1')
  expect((await ask('/metrics')).text).toMatch(/kubernetes_requests_total\{method="GET",code="none"\} \d/)
  expect(await ask('/healthz')).toEqual({ status: 200, text: 'ok\n' })
  expect(await ask('/readyz')).toEqual({ status: 200, text: 'ok\n' })
})

it.concurrent('an address that is taken is one clear line', async (test) => {
  const { running, world } = await watched(test)
  const [, address = ''] = /metrics and probes at http:\/\/(\S+)$/m.exec(running.stderr) ?? []
  expect(await world.run(['watch', '--once', '--metrics-addr', address])).toEqual({
    code: 1,
    stderr: `error: --metrics-addr ${address} is taken by another program. Choose another port\n`,
    stdout: '',
  })
})
