import { beforeAll, describe, expect, it } from 'vitest'
import { newUser, type Step } from '../../packaging/new-user.ts'
import { ownTarget } from '../../packaging/targets.ts'
import { archivePath } from './packed.ts'

let steps: Step[] = []
beforeAll(async () => {
  steps = await newUser(archivePath(ownTarget()))
})

/** The last one of a command. */
function step(command: string): Step {
  const found = steps.findLast((each) => each.command === `image-updater ${command}`)
  if (!found) throw new Error(`nobody typed ${command}`)
  return found
}

describe('somebody with kubectl, the plugin, and nothing else', () => {
  it('gets help', () => {
    expect(step('--help')).toMatchObject({ code: 0, stderr: '' })
    expect(step('--help').stdout).toContain('kubectl image-updater sandbox --demo')
  })

  it('gets what a shell needs to complete', () => {
    expect(step('completion bash')).toMatchObject({ code: 0, stderr: '' })
    expect(step('completion bash').stdout).toContain('image_updater')
    expect(step('completion install')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Wrote .*kubectl_complete-image_updater\n/),
    })
    const pressed = steps.find(({ command }) => command === '__complete image-updater che')
    expect(pressed).toMatchObject({ code: 0, stdout: 'check\tShow what would change now, and why\n:4\n' })
  })

  it('is told by doctor what is missing, and where to go on', () => {
    const { code, stdout } = step('doctor')
    expect(code).toBe(1)
    expect(stdout).toContain('no kubeconfig was found')
    expect(stdout).toMatch(
      /✗ fail .*\n\s+→ Name a kubeconfig with .*; to try everything without a cluster: kubectl image-updater sandbox\n/,
    )
  })

  it('is told the same by any other command, in one line', () => {
    const [first] = steps.filter(({ command }) => command === 'image-updater check')
    expect(first).toMatchObject({ code: 1, stdout: '' })
    expect(first?.stderr).toMatch(/^error: cannot reach .* kubectl image-updater sandbox\n$/)
  })

  it('sees on the sandbox what is newer, applies it, and it stays so', () => {
    expect(step('check').stdout).toMatch(/shop +web +1\.4\.2 +1\.5\.0 .*set kustomize image/)
    expect(step('update --yes').stdout).toContain(
      'application.argoproj.io/shop updated: image web 1.4.2 → 1.5.0',
    )
    expect(step('watch --once').stdout).toContain('Stopped: 1 poll, 0 applied, 0 failed.')
    expect(step('check shop')).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing to do') })
  })

  it('ends the sandbox with Ctrl-C', () => {
    expect(step('sandbox --push-interval 0').code).toBe(130)
  })
})
