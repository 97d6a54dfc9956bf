import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sameOutput } from '../docs/execution/compare-output.ts'
import { pages } from '../docs/markdown.ts'
import { operatorEnvironment, startPlugin } from './world/plugin.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'image-updater-e2e-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

it('sandbox prints the KUBECONFIG to export, and every command works on it until Ctrl-C', async () => {
  const nothing = operatorEnvironment(home, '')
  const sandbox = startPlugin(['sandbox'], { env: nothing })
  try {
    await sandbox.until(() => expect(sandbox.stdout).toMatch(/^export KUBECONFIG=\S+\n$/))
    await sandbox.until(() => expect(sandbox.stderr).toContain('Ctrl-C ends the sandbox'))
    const shown = shownOn('docs/quick-start.md', '$ kubectl image-updater sandbox').replace(/^\$ .*\n/, '')
    expect(sameOutput(shown, `${sandbox.stdout}${sandbox.stderr}`), 'as in docs/quick-start.md').toBe(true)
    const env = operatorEnvironment(home, /KUBECONFIG=(\S+)/.exec(sandbox.stdout)?.[1] ?? '')
    const checked = await startPlugin(['check', '-o', 'json'], { env }).finished
    expect(JSON.parse(checked.stdout)).toMatchObject({ kind: 'CheckReport', context: 'sandbox' })
    expect(await startPlugin(['update', 'shop', '--yes'], { env }).finished).toMatchObject({ code: 0 })
  } finally {
    sandbox.signal('SIGINT')
  }
  expect(await sandbox.finished).toMatchObject({ code: 130 })
})

it('sandbox --demo shows the main job, ends by itself and leaves nothing behind', async () => {
  const demo = await startPlugin(['sandbox', '--demo'], { env: operatorEnvironment(home, '') }).finished
  expect(demo.code).toBe(0)
  expect(demo.stderr).toContain('CI pushes gitops-praq:production')
  expect(demo.stdout).toMatch(
    /gitops-praq-prod\/app production@\w+ → production@\w+ applied: restart deployment/,
  )
  expect(demo.stdout).toMatch(/Stopped: \d+ polls, 4 applied, 0 failed\.\n$/)
  expect(
    sameOutput(sorted(shownOn('README.md', 'A trial world')), sorted(`${demo.stderr}\n${demo.stdout}`)),
    'as in README.md',
  ).toBe(true)
})

/** The block of a page that begins so. */
function shownOn(page: string, beginning: string): string {
  const blocks = pages().find(({ file }) => file === page)?.blocks ?? []
  return blocks.find(({ text }) => text.startsWith(beginning))?.text ?? ''
}

/** Lines whose order does not count: two streams have none. A busy machine needs more polls. */
function sorted(text: string): string {
  const lines = text.replace(/\d+ polls/, 'some polls').split('\n')
  const timeless = lines.map((line) => line.replace(/^[\d:]{8}/, '').replace(/\b[0-9a-f]{12}\b/g, 'DIGEST'))
  return timeless.sort().join('\n')
}
