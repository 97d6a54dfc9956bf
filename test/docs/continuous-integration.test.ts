import { globSync, readFileSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startWorld, type World } from '../e2e/world/world.ts'
import { pages } from './markdown.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Workflow {
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, { permissions: Record<string, string>; steps: Step[] }>>
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const WORKFLOWS = globSync('examples/github-actions/*', { cwd: ROOT })
  .toSorted()
  .map((file) => ({ file, text: readFileSync(ROOT + file, 'utf8') }))
const page = pages().find(({ file }) => file.endsWith('continuous-integration.md'))
const gitlab = page?.blocks.filter(({ language }) => language === 'yaml').map(({ text }) => parse(text)) ?? []

const PLUGIN = /^(?:kubectl image-updater|kubectl-image_updater) /
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps)
const commands = [
  ...WORKFLOWS.map(({ text }) => stepsOf(parse(text)).map(({ run = '' }) => run)),
  ...gitlab.map(({ images }) => images.script as string[]),
].map((lines) => lines.filter((line) => PLUGIN.test(line)))

describe.each(WORKFLOWS)('$file', ({ text }) => {
  const workflow: Workflow = parse(text)
  const steps = stepsOf(workflow)

  it('names actions by their commits, the same as the workflows of this repository', () => {
    const own = globSync('.github/workflows/*.yml', { cwd: ROOT }).map((file) =>
      readFileSync(ROOT + file, 'utf8'),
    )
    const pinned = new Set(own.flatMap((workflowText) => workflowText.match(/uses: .*/g) ?? []))
    const actions = new Set([...pinned].map((line) => line.replace(/@.*/, '')))
    const uses = text.match(/uses: .*/g) ?? []
    expect(uses.length).toBeGreaterThan(2)
    for (const line of uses) {
      expect(line).toMatch(/^uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
      if (actions.has(line.replace(/@.*/, ''))) expect([...pinned]).toContain(line)
    }
  })

  it('has no right but those that its steps use', () => {
    expect(workflow.permissions).toEqual({})
    const uses = (action: string) => steps.some((step) => step.uses?.startsWith(action))
    const commits = uses('peter-evans/create-pull-request@')
    const expected = {
      contents: commits ? 'write' : 'read',
      ...(commits && { 'pull-requests': 'write' }),
      ...(uses('github/codeql-action/upload-sarif@') && { actions: 'read', 'security-events': 'write' }),
    }
    for (const { permissions } of Object.values(workflow.jobs)) expect(permissions).toEqual(expected)
    for (const step of steps.filter(({ uses: action = '' }) => action.startsWith('actions/checkout')))
      expect(step.with).toEqual({ 'persist-credentials': false })
  })

  it('puts nothing from outside into a shell, and installs the version of today', () => {
    const shell = steps.map(({ run = '' }) => run).join('\n')
    expect(shell).not.toContain('${{')
    const { name, version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
    expect(shell).toContain(`npm install --global --ignore-scripts ${name}@${version.split('.')[0]}\n`)
  })

  it('the page leads to it', () => {
    expect(page?.prose.join('\n')).toContain(`(../${WORKFLOWS.find((one) => one.text === text)?.file})`)
  })
})

let world: World
beforeAll(async () => {
  world = await startWorld()
  for (const tag of ['1.4.0', '1.5.0']) await world.push('web', tag)
})
afterAll(() => world?.close())

describe('the commands do what the workflows want of them', () => {
  it('call the plugin', () => {
    expect(commands.map((lines) => lines.length)).toEqual([2, 2, 1])
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
      .map((word) => word.replaceAll('"', '').replace('$RUNNER_TEMP/', ''))
      .map((word) => (word === 'apps/' ? folder : word.replace(/=(\w+\.\w+)$/, `=${folder}/$1`)))
    const { code, stderr } = await world.run([...words, '--plain-http-registry', world.registryHost], {
      env: { KUBECONFIG: '/nowhere' },
    })
    expect(code, stderr).toBe(words[0] === 'check' && words.includes('--exit-code') ? 1 : 0)
    const reports = words.filter((word) => /^(?:junit|sarif|markdown)=/.test(word))
    expect(await readdir(folder)).toHaveLength(1 + reports.length)
  })
})

it('the reports that later steps read are those that earlier ones write', () => {
  for (const { text } of WORKFLOWS) {
    const steps = stepsOf(parse(text))
    const written = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/--report "?(?:junit|sarif|markdown)=([\w$./]+)/g)].map(([, file = '']) => file),
    )
    const read = steps.flatMap((step) => [
      ...(/^cat (.*) >>/.exec(step.run ?? '')?.[1]?.split(' ') ?? []),
      ...['sarif_file', 'body-path'].flatMap((input) => (step.with?.[input] as string | undefined) ?? []),
    ])
    const place = (file: string) => file.replace(/\$\{\{ runner\.temp \}\}/, '$RUNNER_TEMP')
    expect(read.map(place).toSorted()).toEqual(written.toSorted())
  }
})
