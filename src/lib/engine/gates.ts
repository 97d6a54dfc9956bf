import { tagValue } from '../application/override/written-image.ts'
import type { ApplicationOwner } from '../application/owners.ts'
import { overridePointer } from '../application/source-choice.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import { writeBackText } from '../rules/write-back.ts'
import { argoGate, holdGate, maxBumpGate, minAgeGate, skipGate } from './control-gates.ts'
import type { Gate, GateFacts, GitDestination, Proposal } from './gate.ts'
import type { RunningImage } from './running-image.ts'

/**
 * Every gate of a proposal, in the order in which they are told. The one list behind every decision and
 * every explanation.
 */
export function gatesOf(
  proposal: Proposal,
  rule: UpdateRule,
  running: RunningImage,
  facts: GateFacts,
): Gate[] {
  const gates = [
    ...holdGate(rule.controls, facts.now),
    ...skipGate(proposal, rule.controls),
    direction(proposal, rule),
    ...maxBumpGate(proposal, rule.controls),
    ...minAgeGate(rule.controls, facts),
    ...facts.elsewhere,
    ...argoGate(proposal, running, facts.argo),
    ...(proposal.place === 'git' ? [] : [place(proposal, rule, running)]),
    writeBack(rule, running, facts.git),
    ...facts.owners.map((owner) => ownerGate(proposal, running, owner)),
  ]
  return gates.map((gate) =>
    (gate.verdict === 'wait' || gate.verdict === 'ask') && facts.passed.has(gate.name)
      ? { name: gate.name, reason: `passed by, as asked: ${gate.reason}`, verdict: 'warning' }
      : gate,
  )
}

/** The gate that decides: what stops, then what waits, then what asks; undefined where all are open. */
export function closedGate(gates: readonly Gate[]): Gate | undefined {
  const first = (verdict: Gate['verdict']) => gates.find((gate) => gate.verdict === verdict)
  return first('stop') ?? first('wait') ?? first('ask')
}

function direction({ bump, from, target }: Proposal, { allowDowngrade, strategy }: UpdateRule): Gate {
  const gate = (verdict: Gate['verdict'], reason: string): Gate => ({ name: 'direction', reason, verdict })
  if (bump === 'downgrade') {
    if (allowDowngrade) return gate('ok', `${target.tag} is older than ${from}, and allow-downgrade is set`)
    const why = `the newest allowed tag ${target.tag} is older than the running ${from}`
    return gate('stop', `${why}: nothing is downgraded unasked`)
  }
  if (bump !== 'none') return gate('ok', `${from} → ${target.tag} is a step up (${bump})`)
  if (!from) return gate('ok', 'no other tag takes the place of one that runs')
  if (strategy !== 'semver') return gate('ok', `${strategy} compares no versions`)
  return gate('ok', `${from} → ${target.tag} is no step between versions`)
}

function place(proposal: Proposal, rule: UpdateRule, running: RunningImage): Gate {
  const { source } = running.images
  const gate = (verdict: Gate['verdict'], reason: string): Gate => ({ name: 'place', reason, verdict })
  if (proposal.place === 'spec') {
    const unread = unreadValues(rule, running)
    return unread
      ? gate('warning', unread)
      : gate('ok', `${source.field.path} takes it (${source.sourceType})`)
  }
  if (proposal.from === undefined) return gate('ok', 'the workloads are restarted')
  return gate('stop', tagObstacle(proposal, rule, running))
}

/** A chart is free to read other values than the usual ones; '' where somebody has named or set them. */
function unreadValues(
  { alias, targets }: UpdateRule,
  { images: { declared, source } }: RunningImage,
): string {
  if (source.overrideType !== 'Helm' || targets.helm !== undefined || declared.field !== '') return ''
  const key = alias === '' ? '<alias>' : alias
  return `nobody has set image.name and image.tag yet: a chart that reads other values does not follow, and ${key}.helm.image-name and ${key}.helm.image-tag name them`
}

/** Why another tag cannot be set, where only the workloads themselves can be written. */
function tagObstacle({ from, target }: Proposal, rule: UpdateRule, { images }: RunningImage): string {
  if (rule.writeBack.method === 'restart') {
    return `write-back-method restart sets no tag: moving from ${from} to ${target.tag} needs write-back-method argocd`
  }
  if (images.source.sourceType === '') {
    return `it is not known yet how Argo CD renders the source, so ${target.tag} cannot be set: wait until it has compared the Application`
  }
  return `a plain manifest names the tag ${from}: moving to ${target.tag} needs a change in git`
}

function writeBack(
  { writeBack }: UpdateRule,
  { images }: RunningImage,
  git: GitDestination | undefined,
): Gate {
  const { method } = writeBack
  const written = writeBackText(writeBack)
  const gate = (verdict: Gate['verdict'], reason: string): Gate => ({ name: 'write-back', reason, verdict })
  if (method === 'git') {
    if (git === undefined)
      return gate('stop', `write-back-method ${written} needs a cluster: with -f nothing is committed`)
    if (git.problem !== '') return gate('stop', git.problem)
    const reason = `write-back-method ${written} commits to ${git.words}`
    const { image } = images.declared
    if (!image || git.overridesSpec) return gate('ok', reason)
    const { path } = images.source.field
    return gate(
      'warning',
      `${reason}, and ${path} overrides it with ${tagValue(image)}: take that out, or git is not heeded`,
    )
  }
  const does = method === 'restart' ? 'restarts the workloads' : 'patches the Application'
  return gate('ok', `write-back-method ${written} ${does}`)
}

/** Whether an owner reverts the change depends on settings of its own, so it is told and stops nothing. */
function ownerGate({ place: where }: Proposal, { images }: RunningImage, owner: ApplicationOwner): Gate {
  const { kind, name, knownBy, certain } = owner
  const who = `${kind} "${name}" (${knownBy})`
  if (where !== 'spec') {
    return { name: 'owner', reason: `${who} owns the Application, whose spec stays as it is`, verdict: 'ok' }
  }
  const field = overridePointer(images.source)
  if (kind === 'ApplicationSet') {
    const way = `unless it has ignoreApplicationDifferences: [{jsonPointers: [${field}]}]`
    return {
      name: 'owner',
      reason: `${who} generates it and puts its own spec back, ${way}`,
      verdict: 'warning',
    }
  }
  const way = `unless its ignoreDifferences lists ${field} of this Application, with RespectIgnoreDifferences=true`
  const sure = certain ? 'deploys it and puts its own spec back' : 'may deploy it and put its own spec back'
  return { name: 'owner', reason: `${who} ${sure} when it syncs, ${way}`, verdict: 'warning' }
}
