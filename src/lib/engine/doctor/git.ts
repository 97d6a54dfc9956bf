import { amount } from '../../amount.ts'
import type { ManagedImages } from '../managed-image.ts'
import type { Check } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'
import { isOlder } from './versions.ts'

const finding = findingsOf('git')
const LEAST = '2.30'

/**
 * Whether git is there, and which rules would want it. No repository is asked: its address comes from the
 * cluster, and the operator's credentials are not for whoever wrote it.
 *
 * @param version what `git --version` prints; undefined when there is no git
 * @param managed undefined where the rules could not be read
 */
export function gitCheck(
  version: () => Promise<string | undefined>,
  managed: Promise<ManagedImages | undefined>,
): Check {
  return {
    name: 'git',
    run: async () => [gitFinding(await version()), ...writeBackFindings(await managed)],
  }
}

function gitFinding(output: string | undefined): Finding {
  if (output === undefined) {
    return finding('warn', 'git', 'git is not in the PATH', `Install git ${LEAST} or newer`)
  }
  const version = /\d+(?:\.\d+)+/.exec(output)?.[0] ?? ''
  return isOlder(version, LEAST)
    ? finding('warn', 'git', `git ${version} is older than ${LEAST}`, `Install git ${LEAST} or newer`)
    : finding('ok', 'git', `git ${version}`)
}

function writeBackFindings(managed: ManagedImages | undefined): Finding[] {
  const images = managed?.images.filter(({ rule }) => rule.writeBack.method === 'git') ?? []
  if (images.length === 0) return []
  return [finding('ok', 'write-back', `${amount(images.length, 'image')} with write-back-method git`)]
}
