import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProgram } from './world/plugin.ts'
import { needs } from './world/requirement.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let folder = ''
let image = ''
let env: Record<string, string>

beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.0.0', '1.10.0', '1.9.0']) await world.push('web', tag)
  await world.deploy({
    name: 'shop',
    images: { web: `${image}:1.0.0` },
    rules: { 'image-list': `web=${image}:1.x` },
  })
  await world.settle()
  folder = await mkdtemp(join(tmpdir(), 'completion-'))
  env = { ...world.env, PATH: `${folder}${delimiter}${world.env['PATH']}` }
  expect(await world.run(['completion', 'install', '--dir', folder])).toMatchObject({ code: 0 })
  expect(await world.run(['check'])).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await world?.close()
  await rm(folder, { force: true, recursive: true })
})

const shell = (program: string, ...args: string[]) => startProgram(program, args, { env }).finished

describe('kubectl', () => {
  it('asks the program that completion install wrote', async (test) => {
    needs('kubectl', test)
    const ask = async (...words: string[]) =>
      (await shell('kubectl', '__complete', 'image-updater', ...words)).stdout
    expect(await ask('ch')).toMatch(/^check\t.*\n:4\n$/)
    expect(await ask('check', '')).toBe('shop\n:4\n')
    expect(await ask('check', '--color=al')).toBe('always\n:4\n')
    expect(await ask('set', 'shop', 'web=')).toBe('web=1.10.0\nweb=1.9.0\nweb=1.0.0\n:36\n')
  })
})

describe('bash', () => {
  it.each([
    ['kubectl-image_updater ch', 'check'],
    ['kubectl-image_updater check ', 'shop'],
    ['kubectl-image_updater check --color=al', 'always'],
    ['kubectl-image_updater set shop web=', '1.10.0 1.9.0 1.0.0'],
    ['kubectl-image_updater set shop web=1.1', '1.10.0'],
    ['kubectl-image_updater tags IMAGE:1.1', '1.10.0'],
  ])('%s', async (line, expected) => {
    const { code, stdout, stderr } = await shell(
      'bash',
      '-c',
      `source <(kubectl-image_updater completion bash); COMP_LINE=$1; COMP_POINT=\${#1}
       __kubectl_image_updater; printf '%s\\n' "\${COMPREPLY[*]}"`,
      'bash',
      line.replace('IMAGE', image),
    )
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${expected}\n`, stderr: '' })
  })
})

describe('fish', () => {
  it('has the candidates', async (test) => {
    needs('fish', test)
    const { stdout } = await shell(
      'fish',
      '-c',
      `kubectl-image_updater completion fish | source
       complete -C 'kubectl-image_updater check sh'
       complete -C 'kubectl-image_updater check --color='
       complete -C 'kubectl-image_updater set shop web='`,
    )
    expect(stdout.split('\n')).toEqual([
      'shop',
      '--color=auto',
      '--color=always',
      '--color=never',
      'web=1.10.0',
      'web=1.9.0',
      'web=1.0.0',
      '',
    ])
  })
})

describe('zsh', () => {
  it('reads its script', async (test) => {
    needs('zsh', test)
    const { code, stdout, stderr } = await shell(
      'zsh',
      '-fc',
      'autoload -U compinit && compinit -D && source <(kubectl-image_updater completion zsh) && print $_comps[kubectl-image_updater]',
    )
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '_kubectl_image_updater\n', stderr: '' })
  })
})
