import { amount } from '../../amount.ts'
import { ClusterError, type ClusterTarget } from '../../cluster/client.ts'
import { NO_SUCH_RESOURCE_TYPE } from '../../cluster/status-error.ts'
import type { Check, Need } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'
import type { LoadedImages } from './loaded-images.ts'
import type { Stages } from './stages.ts'

const finding = findingsOf('argo-cd')

/** Whether there are Applications to look at, and rules in them. */
export function applicationsCheck(needs: Need, { client, loaded }: Pick<Stages, 'client' | 'loaded'>): Check {
  return {
    name: 'argo-cd',
    needs,
    run: async () => {
      try {
        return applicationFindings(await loaded, (await client).target)
      } catch (error) {
        // That Argo CD is not there at all is told by the check of its resource types.
        if (error instanceof ClusterError && error.reason === NO_SUCH_RESOURCE_TYPE) return []
        throw error
      }
    },
  }
}

function applicationFindings(
  { applications, images, faulty, problems }: LoadedImages,
  { namespace }: Pick<ClusterTarget, 'namespace'>,
): Finding[] {
  const where = namespace === '' ? 'all namespaces' : `namespace ${namespace}`
  const missing = problems.map(({ message, remedy }) => finding('fail', 'applications', message, remedy))
  if (applications.length === 0) {
    const remedy = 'Name another with -n, or look in all with -A; see -l and --field-selector too'
    return missing.length > 0
      ? missing
      : [finding('warn', 'applications', `no Application is chosen in ${where}`, remedy)]
  }
  const looked = amount(applications.length, 'Application')
  const rules =
    images.length + faulty.length === 0
      ? finding(
          'warn',
          'applications',
          `${looked} in ${where}, and no image has a rule`,
          'kubectl image-updater annotate APPLICATION writes one',
        )
      : finding('ok', 'applications', `${looked} in ${where}, ${amount(images.length, 'image')} with rules`)
  return [...missing, rules, ...faultyFindings(faulty.length)]
}

function faultyFindings(count: number): Finding[] {
  if (count === 0) return []
  const message = `${amount(count, 'rule')} cannot be used`
  return [finding('warn', 'rules', message, 'kubectl image-updater lint says why')]
}
