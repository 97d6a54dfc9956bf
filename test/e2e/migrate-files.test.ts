import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from './world/world.ts'

const PREFIX = 'argocd-image-updater.argoproj.io'
const HEAD = `# the shop
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  namespace: argocd
`
const ANNOTATIONS = `  annotations:
    ${PREFIX}/image-list: web=ghcr.io/org/web:^1.4
    ${PREFIX}/web.update-strategy: semver
`
const TAIL = `spec:   # by hand
  source: {repoURL: 'https://git.example.com/r.git', kustomize: {images: ["ghcr.io/org/web:1.4.2"]}}
`

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.close())

/** Never a cluster: a kubeconfig that leads nowhere would fail every command that asks one. */
const migrate = (args: readonly string[], input?: string) =>
  world.run(['migrate', ...args], {
    env: { KUBECONFIG: '/nowhere' },
    ...(input === undefined ? {} : { input }),
  })

async function folderWith(name: string, text: string): Promise<{ folder: string; file: string }> {
  const folder = join(world.home, name)
  const file = join(folder, 'shop.yaml')
  await mkdir(folder)
  await writeFile(file, text)
  return { file, folder }
}

describe.concurrent('migrate -f', () => {
  it('prints the resource that says what the annotations of the files say', async () => {
    const { folder } = await folderWith('print', HEAD + ANNOTATIONS + TAIL)
    const { code, stdout } = await migrate(['-f', folder])
    expect(code).toBe(0)
    expect(stdout).toContain('kind: ImageUpdater\nmetadata:\n  name: image-updater\n  namespace: argocd\n')
    expect(stdout).toContain('imageName: ghcr.io/org/web:^1.4')
  })

  it('gives the resource no namespace where the Application names none', async () => {
    const text = (HEAD + ANNOTATIONS + TAIL).replace('  namespace: argocd\n', '')
    const { stdout } = await migrate(['-f', '-'], text)
    expect(stdout).toContain('metadata:\n  name: image-updater\nspec:')
  })

  it('--apply says that it writes no new file', async () => {
    const { file, folder } = await folderWith('apply', HEAD + ANNOTATIONS + TAIL)
    const { code, stderr } = await migrate(['-f', folder, '--apply', '--yes'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: with -f no new file is written.*send the output into a file/m)
    expect(await readFile(file, 'utf8')).toBe(HEAD + ANNOTATIONS + TAIL)
  })

  it('--to-annotations --apply writes them into the files, and nothing else', async () => {
    const { file, folder } = await folderWith('back', HEAD + ANNOTATIONS + TAIL)
    const { stdout: resource } = await migrate(['-f', folder])
    await writeFile(join(folder, 'updater.yaml'), resource)
    await writeFile(file, HEAD + TAIL)
    const shown = await migrate(['--to-annotations', '-f', folder])
    expect(shown.stdout).toContain(`${file}:7`)
    expect(await readFile(file, 'utf8')).toBe(HEAD + TAIL)
    expect(await migrate(['--to-annotations', '-f', folder, '--apply', '--yes'])).toMatchObject({ code: 0 })
    expect(await readFile(file, 'utf8')).toBe(HEAD + ANNOTATIONS + TAIL)
  })
})
