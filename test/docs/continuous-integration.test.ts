import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startWorld, type World } from '../e2e/world/world.ts'
import { pages } from './markdown.ts'

const blocks = pages()
  .filter(({ file }) => file.endsWith('continuous-integration.md'))
  .flatMap((page) => page.blocks.filter(({ language }) => language === 'yaml'))
const PLUGIN = /^(?:kubectl image-updater|kubectl-image_updater) /
const commands = blocks.map(({ text }) => {
  const { jobs, images } = parse(text)
  const steps: { run?: string }[] = jobs ? Object.values<{ steps: [] }>(jobs).flatMap((job) => job.steps) : []
  const lines: string[] = images ? images.script : steps.flatMap(({ run }) => (run ? [run] : []))
  return lines.filter((line) => PLUGIN.test(line))
})

let world: World
beforeAll(async () => {
  world = await startWorld()
  for (const tag of ['1.4.0', '1.5.0']) await world.push('web', tag)
})
afterAll(() => world?.close())

describe('the workflows of the page', () => {
  it('each call the plugin once', () => {
    expect(commands.map((lines) => lines.length)).toEqual([1, 1, 1])
  })

  it.each(commands.flat())('%s', async (line) => {
    const folder = join(world.home, line.replace(/\W+/g, '-').slice(0, 60))
    await mkdir(folder)
    const image = world.repository('web')
    await writeFile(
      join(folder, 'shop.yaml'),
      `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  annotations: {argocd-image-updater.argoproj.io/image-list: "web=${image}:1.x"}
spec:
  destination: {server: https://kubernetes.default.svc}
  source: {repoURL: https://git.example.com/r.git, kustomize: {images: ["${image}:1.4.0"]}}
`,
    )
    const words = line
      .replace(PLUGIN, '')
      .split(' ')
      .map((word) => word.replaceAll('"', '').replace('$GITHUB_STEP_SUMMARY', join(folder, 'summary.md')))
      .map((word) => (word === 'apps/' ? folder : word.replace(/=(images\.)/, `=${folder}/$1`)))
    const { code, stderr } = await world.run([...words, '--plain-http-registry', world.registryHost], {
      env: { KUBECONFIG: '/nowhere' },
    })
    expect(code, stderr).toBe(words.includes('--exit-code') ? 1 : 0)
    const reports = words.filter((word) => /^(?:junit|sarif|markdown)=/.test(word))
    expect(await readdir(folder)).toHaveLength(1 + reports.length)
  })
})
