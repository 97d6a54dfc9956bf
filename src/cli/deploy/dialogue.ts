import { amount } from '../../lib/amount.ts'
import type { KubernetesObject } from '../../lib/application/kubernetes-object.ts'
import type { ClusterClient } from '../../lib/cluster/client.ts'
import { applyPlanned, type PlannedApply, planApply } from '../../lib/deploy/apply-objects.ts'
import type { InClusterWatch } from '../../lib/deploy/in-cluster-watch.ts'
import { leftOverDeployments } from '../../lib/deploy/left-over.ts'
import { objectTitle } from '../../lib/deploy/object-path.ts'
import { watchObjects } from '../../lib/deploy/objects.ts'
import { parseShards } from '../../lib/deploy/shards.ts'
import { shellWord } from '../../lib/engine/shell-word.ts'
import { confirm } from '../../lib/terminal/confirm.ts'
import { renderDiff } from '../../lib/terminal/diff.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { renderObjects } from '../../lib/terminal/objects.ts'
import { dryRunSuffix } from '../../lib/terminal/outcomes.ts'
import { type OutputFormat, parseOutputFormat } from '../../lib/terminal/output.ts'
import { openSession, type Session, warn } from '../session/session.ts'
import { checkDeployFlags } from './check.ts'
import { deployedFiles } from './files.ts'
import { type DeployFlags, inClusterWatch } from './plan.ts'
import { flagsAlone, lookAround } from './sight.ts'

const STEPS = { create: 'created', configure: 'configured', leave: 'unchanged' } as const

/**
 * Prints what runs the watch of these flags in a cluster; with `--apply` shows the diff, asks, and applies it.
 *
 * @returns whether all went well
 */
export async function deployDialogue(names: readonly string[], flags: DeployFlags): Promise<boolean> {
  checkDeployFlags(names, flags)
  const format = await parseOutputFormat(flags.output, flags['allow-missing-template-keys'])
  const shards = parseShards(flags.shard ?? [])
  const files = await deployedFiles(flags, flags.image !== undefined)
  const { registryEntries: entries } = files
  if (flags.offline) {
    const { needs, place } = flagsAlone(flags, shards, entries)
    print(inClusterWatch(names, flags, shards, place, needs, files), format)
    return true
  }
  const session = await openSession(sessionFlags(flags))
  try {
    const { needs, place } = await lookAround(session, names, flags, shards, entries)
    const watch = inClusterWatch(names, flags, shards, place, needs, files)
    if (!flags.apply) print(watch, format)
    else if (session.engine.cluster) await apply(session, session.engine.cluster, watch, flags, format)
    return session.problems.length === 0
  } finally {
    await session.close()
  }
}

/** What is needed to read Applications and their rules; no registry is asked. */
function sessionFlags(flags: DeployFlags): Parameters<typeof openSession>[0] {
  return { ...flags, 'pull-request-token-env': [], 'registries-conf': undefined, output: undefined }
}

function print(watch: InClusterWatch, format: OutputFormat): void {
  process.stdout.write(renderObjects(watchObjects(watch), format, kubectlName))
}

/** Without the namespace, which kubectl's own names do not tell either. */
function kubectlName(object: KubernetesObject): string {
  return objectTitle(object, object.metadata.namespace ?? '')
}

async function apply(
  session: Session,
  cluster: ClusterClient,
  watch: InClusterWatch,
  flags: DeployFlags,
  format: OutputFormat,
): Promise<void> {
  const { 'dry-run': dryRun, 'force-conflicts': force } = flags
  const asked = format.kind !== 'table'
  const titleOf = (object: KubernetesObject) => objectTitle(object, watch.namespace)
  const plans = await planApply(cluster, watchObjects(watch), force)
  const changes = plans.filter(({ step }) => step !== 'leave')
  const [out, paint] = asked ? [process.stderr, session.paintNotes] : [process.stdout, session.paint]
  for (const plan of changes) out.write(renderPlan(plan, titleOf, paint))
  const where = `in context ${session.target.context}, namespace ${watch.namespace}`
  if (changes.length > 0 && session.asks({ dryRun, yes: flags.yes })) {
    if (!(await confirm(`Apply ${amount(changes.length, 'object')} ${where}?`))) {
      return session.note('Nothing was applied.')
    }
  }
  const applied: KubernetesObject[] = []
  for (const plan of plans) {
    applied.push(await applyPlanned(cluster, plan, { dryRun, force }))
    if (!asked) {
      out.write(`${printable(`${titleOf(plan.object)} ${STEPS[plan.step]}${dryRunSuffix(dryRun)}`)}\n`)
    }
  }
  if (asked) process.stdout.write(renderObjects(applied, format, kubectlName))
  for (const { metadata } of await leftOverDeployments(cluster, watch)) {
    warn(
      `deployment ${metadata.name} is of an earlier deploy and still runs: kubectl delete deployment,pdb ${shellWord(metadata.name)} -n ${shellWord(watch.namespace)}`,
    )
  }
}

function renderPlan(
  { fields, object, step }: PlannedApply,
  titleOf: (object: KubernetesObject) => string,
  paint: Session['paint'],
): string {
  if (step === 'configure') return renderDiff(titleOf(object), fields, paint)
  return `${paint('green', printable(`+ ${titleOf(object)}`))}\n`
}
