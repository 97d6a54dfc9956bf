import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const TEXT = readFileSync(new URL('../../packaging/Dockerfile', import.meta.url), 'utf8')

/** The stages of the file, each its instructions: `['USER', '65532:65532']`. */
function stages(): {
  readonly from: string
  readonly name: string
  readonly steps: (readonly [string, string])[]
}[] {
  const lines = TEXT.replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(Boolean)
  const steps = lines.map((line) => line.split(/ (.*)/s) as [string, string])
  const starts = steps.flatMap(([word], index) => (word === 'FROM' ? [index] : []))
  return starts.map((start, index) => {
    const [from = '', , name = ''] = (steps[start]?.[1] ?? '').split(' ')
    return { from, name, steps: steps.slice(start + 1, starts[index + 1]) }
  })
}

describe('the image', () => {
  it('comes without git and without a shell unless the other is asked for', () => {
    expect(stages().map(({ from, name }) => [name, from])).toEqual([
      ['with-git', 'debian:12-slim'],
      ['program', 'gcr.io/distroless/cc-debian12:nonroot'],
    ])
  })

  it.each(stages())('$name runs the program for its machine as a user by number', ({ steps }) => {
    const value = (word: string) => steps.findLast(([one]) => one === word)?.[1]
    // What runAsNonRoot of a Pod can verify is a number, and the same as in the Deployment.
    expect(value('USER')).toBe('65532:65532')
    expect(value('ENTRYPOINT')).toBe('["/usr/local/bin/kubectl-image_updater"]')
    expect(value('ENV')).toBe('HOME=/home/nonroot')
    expect(value('COPY')?.replace('$', '')).toBe(
      'linux-{TARGETARCH}/kubectl-image_updater /usr/local/bin/kubectl-image_updater',
    )
    expect(steps.findIndex(([word]) => word === 'ARG')).toBeLessThan(
      steps.findIndex(([word]) => word === 'COPY'),
    )
    expect(steps.some(([word]) => word === 'ADD' || word === 'VOLUME')).toBe(false)
  })
})
