import type { Check } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'

/** What the check of versions is told about this machine. */
export interface ProgramVersions {
  /** Of this program, without v. */
  readonly own: string
  /** What runs it: `Node v26.10.0`. */
  readonly runtime: string
  /** What package.json asks of a Node that is not part of the program: `>=24.15`. */
  readonly nodeWanted?: string | undefined
  /** What `kubectl version --client` prints; undefined when there is none. */
  kubectl(): Promise<string | undefined>
}

const finding = findingsOf('versions')

/** This program, its runtime, and kubectl. */
export function versionsCheck(programs: ProgramVersions): Check {
  return {
    name: 'versions',
    run: async () => [ownFinding(programs), kubectlFinding(await programs.kubectl())],
  }
}

function ownFinding({ own, runtime, nodeWanted }: ProgramVersions): Finding {
  const message = `kubectl image-updater v${own}, ${runtime}`
  const least = nodeWanted?.replace(/^>=\s*/, '')
  return least !== undefined && isOlder(runtime.replace(/^\D*/, ''), least)
    ? finding(
        'warn',
        'node',
        `${message}: it is made for ${least} and newer`,
        `Install Node ${least} or newer`,
      )
    : finding('ok', 'node', message)
}

function kubectlFinding(output: string | undefined): Finding {
  const version = output && (/v\d+\.\d+\.\d+\S*/.exec(output)?.[0] ?? '')
  return output === undefined
    ? finding(
        'warn',
        'kubectl',
        'kubectl is not in the PATH',
        'Install it, or call this program as kubectl-image_updater',
      )
    : finding('ok', 'kubectl', `kubectl ${version || 'of unknown version'}`)
}

/** Whether the version `a` is below `b`; both are numbers with dots. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
