import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProgram } from './world/plugin.ts'
import { needs } from './world/requirement.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let folder = ''
let env: Record<string, string>

beforeAll(async () => {
  world = await startWorld()
  const image = world.repository('web')
  await world.push('web', '1.0.0')
  await world.deploy({
    name: 'shop',
    images: { web: `${image}:1.0.0` },
    rules: { 'image-list': `web=${image}:1.x` },
  })
  await world.settle()
  folder = await mkdtemp(join(tmpdir(), 'completion-'))
  env = { ...world.env, PATH: `${folder}${delimiter}${world.env['PATH']}` }
  expect(await world.run(['completion', 'install', '--dir', folder])).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await world?.close()
  await rm(folder, { force: true, recursive: true })
})

const complete = (...words: string[]) => world.run(['__complete', ...words])
const shell = (program: string, ...args: string[]) => startProgram(program, args, { env }).finished

describe('names from the cluster', () => {
  it('are Applications, aliases and tags that run', async () => {
    expect(await complete('check', 'sh')).toEqual({ code: 0, stdout: 'shop\n:4\n', stderr: '' })
    expect((await complete('check', `${world.namespace}/`)).stdout).toBe(`${world.namespace}/shop\n:4\n`)
    expect((await complete('explain', 'shop', '')).stdout).toBe('web\n:4\n')
    expect((await complete('set', 'shop', '')).stdout).toBe('web=\n:6\n')
    expect((await complete('set', 'shop', 'web=')).stdout).toBe('web=1.0.0\n:4\n')
  })

  it('are asked for where the flags say', async () => {
    expect((await complete('check', '-n', world.otherNamespace, '')).stdout).toBe(':4\n')
    expect((await complete('-n', world.namespace, 'check', '')).stdout).toBe('shop\n:4\n')
    const namespaces = await complete('check', '-n', world.namespace)
    expect(namespaces.stdout).toMatch(new RegExp(`^${world.namespace}\n${world.otherNamespace}\n`))
  })

  it('are left out in silence where there is no such context', async () => {
    expect(await complete('check', '--context', 'absent', '')).toEqual({
      code: 0,
      stdout: ':4\n',
      stderr: '',
    })
  })
})

describe('shells', () => {
  it('kubectl asks the program that completion install wrote', async (test) => {
    needs('kubectl', test)
    const { stdout } = await shell('kubectl', '__complete', 'image-updater', 'ch')
    expect(stdout).toMatch(/^check\t.*\n:4\n$/)
    expect((await shell('kubectl', '__complete', 'image-updater', 'check', '')).stdout).toMatch(
      /^shop\n:4\n$/,
    )
  })

  it.each([
    ['kubectl-image_updater ch', 'check'],
    ['kubectl-image_updater check ', 'shop'],
    ['kubectl-image_updater check --color=al', 'always'],
    ['kubectl-image_updater set shop web=1', '1.0.0'],
  ])('bash: %s', async (line, expected) => {
    const { code, stdout, stderr } = await shell(
      'bash',
      '-c',
      `source <(kubectl-image_updater completion bash); COMP_LINE=$1; COMP_POINT=\${#1}
       __kubectl_image_updater; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      line,
    )
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${expected}\n`, stderr: '' })
  })

  it('fish', async (test) => {
    needs('fish', test)
    const { stdout } = await shell(
      'fish',
      '-c',
      "kubectl-image_updater completion fish | source; complete -C 'kubectl-image_updater check sh'; complete -C 'kubectl-image_updater check --color='",
    )
    expect(stdout.split('\n').toSorted()).toEqual([
      '',
      '--color=always',
      '--color=auto',
      '--color=never',
      'shop',
    ])
  })

  it('zsh reads its script', async (test) => {
    needs('zsh', test)
    const { code, stdout, stderr } = await shell(
      'zsh',
      '-fc',
      'autoload -U compinit && compinit -D && source <(kubectl-image_updater completion zsh) && print $_comps[kubectl-image_updater]',
    )
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '_kubectl_image_updater\n', stderr: '' })
  })
})
