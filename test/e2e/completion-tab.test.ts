import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { needs, needsFile } from './world/requirement.ts'
import { openProgram } from './world/terminal.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let image = ''
let env: Record<string, string>

beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.0.0', '1.10.0', '1.9.0']) await world.push('web', tag)
  await world.deploy({
    name: 'shop',
    images: { web: `${image}:1.0.0` },
    rules: { 'image-list': `my-web=${image}:1.x` },
  })
  await world.settle()
  env = { ...world.env, PATH: `${world.home}:${world.env['PATH']}` }
  await world.run(['completion', 'install', '--dir', world.home])
  await world.run(['check'])
})
afterAll(() => world?.close())

const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion'

interface Shell {
  /** What it reads when it starts. */
  readonly setUp: string
  readonly start: (file: string) => readonly string[]
  /** The name that the file must have. */
  readonly name?: string
  /** What kubectl's script for the shell needs besides. */
  readonly file?: string
}

const SHELLS: Readonly<Record<string, Shell>> = {
  bash: {
    setUp: `source ${BASH_COMPLETION}
source <(kubectl completion bash)
source <(kubectl image-updater completion bash)
bind 'set show-all-if-ambiguous on'`,
    start: (file) => ['bash', '--noprofile', '--rcfile', file, '-i'],
    file: BASH_COMPLETION,
  },
  zsh: {
    setUp: `autoload -U compinit && compinit -D
unsetopt list_ambiguous
source <(kubectl completion zsh)
source <(kubectl image-updater completion zsh)`,
    start: (file) => ['env', `ZDOTDIR=${dirname(file)}`, 'zsh', '-d', '-i'],
    name: '.zshrc',
  },
  fish: {
    setUp: `kubectl completion fish | source
kubectl image-updater completion fish | source`,
    start: (file) => ['fish', '--no-config', '-i', '-C', `source ${file}`],
  },
}

/** Types lines one after the other, each with a TAB, and waits for what stands there then. */
async function tab(test: TestContext, shell: string, lines: readonly (readonly [string, RegExp])[]) {
  const { file, name = `start.${shell}`, setUp, start } = SHELLS[shell] as Shell
  for (const program of ['tmux', 'kubectl', shell]) needs(program, test)
  if (file) needsFile(file, test)
  const script = join(world.home, name)
  await writeFile(script, `${setUp}\necho ready\n`)
  const terminal = await openProgram(start(script), { ...env, SHELL: `/bin/${shell}` })
  try {
    await terminal.shows('ready')
    for (const [line, expected] of lines) {
      await terminal.type(line.replace('IMAGE', image))
      await terminal.press('Tab')
      await terminal.shows(expected)
      await terminal.press('C-u', 'C-l')
    }
  } finally {
    await terminal.close()
  }
}

// A screen that never shows what is waited for has to fail before the test is given up, which would leave the terminal.
describe.each(['bash', 'zsh', 'fish'])('TAB in %s', { timeout: 90_000 }, (shell) => {
  it('completes kubectl image-updater', async (test) => {
    await tab(test, shell, [
      ['kubectl image-updater che', /updater check$/m],
      ['kubectl image-updater check sh', /updater check shop$/m],
      ['kubectl image-updater check --color=al', /check --color=always/],
      ['kubectl image-updater hold shop m', /hold shop my-web/],
      ['kubectl image-updater skip shop my-web ', /1\.10\.0 +1\.9\.0 +1\.0\.0/],
      ['kubectl image-updater tags IMAGE:1.1', /web:1\.10\.0/],
    ])
  })

  it('completes the plugin by its own name', async (test) => {
    await tab(test, shell, [
      ['kubectl-image_updater che', /updater check$/m],
      ['kubectl-image_updater check --color=al', /check --color=always/],
      ['kubectl-image_updater set shop m', /set shop my-web=$/m],
      ['kubectl-image_updater set shop my-web=1.1', /set shop my-web=1\.10\.0/],
      ['kubectl-image_updater set shop my-web=', /1\.10\.0 +(?:my-web=)?1\.9\.0 +(?:my-web=)?1\.0\.0/],
      ['kubectl-image_updater tags IMAGE:1.1', /web:1\.10\.0/],
    ])
  })
})

describe('an alias with a dash, which kubectl garbles before a = in zsh and fish', () => {
  const TAGS = 'my-web=1.10.0\n:36\n'

  it.each([
    ['__complete', '/bin/bash', TAGS],
    ['__complete', '/usr/bin/zsh', ':4\n'],
    ['__complete', '/bin/fish', ':4\n'],
    ['__complete-own', '/usr/bin/zsh', TAGS],
  ])('%s with SHELL=%s', async (caller, SHELL, expected) => {
    const { stdout } = await world.run([caller, 'set', 'shop', 'my-web=1.1'], { env: { SHELL } })
    expect(stdout).toBe(expected)
  })
})
