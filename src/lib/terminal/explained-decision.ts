import type { WrittenText } from '../engine/application-store.ts'
import type { DecidedImage } from '../engine/checked-image.ts'
import type { ApplicationExplanation, ImageExplanation } from '../engine/explanation.ts'
import type { Gate } from '../engine/gate.ts'
import type { Fact, FactLine } from './facts.ts'
import { writeTitle } from './outcomes.ts'
import { tagAndDigest } from './shorten.ts'

const VERDICTS = { ask: 'ASK', ok: 'ok', stop: 'STOP', wait: 'WAIT', warning: 'WARN' } as const
const STYLES = { ask: 'yellow', ok: 'green', stop: 'red', wait: 'yellow', warning: 'yellow' } as const

/** Who won and why, what had to be passed, and what would be written, or why nothing. */
export function decisionFacts(
  { checked, faults, texts }: ImageExplanation,
  { owners }: ApplicationExplanation,
): Fact[] {
  if (faults.length > 0 || !checked) {
    return [{ label: 'Would write', lines: [{ style: 'red', text: 'nothing: the rule is faulty' }] }]
  }
  if (checked.state === 'failed') {
    return [
      { label: 'Would write', lines: [{ style: 'red', text: 'nothing: the image could not be checked' }] },
    ]
  }
  const { decision } = checked
  const gates = 'gates' in decision ? decision.gates : []
  const others =
    gates.length > 0 ? [] : owners.map(({ kind, name, knownBy }) => `${kind} "${name}" (${knownBy})`)
  return [
    { label: 'Winner', lines: [winnerLine(checked)] },
    ...(gates.length > 0 ? [{ label: 'Gates', lines: gateLines(gates) }] : []),
    ...(others.length > 0 ? [{ label: 'Owner', lines: others.map((text) => ({ text })) }] : []),
    { label: 'Would write', lines: writeLines(checked, texts) },
  ]
}

function winnerLine({ scan }: DecidedImage): FactLine {
  const { winner, verdicts } = scan
  if (!winner) return { style: 'yellow', text: 'none' }
  const reason = verdicts.find(({ outcome }) => outcome === 'winner')?.reason ?? ''
  return { text: `${tagAndDigest(winner.tag, winner.digest ?? '')}: ${reason}` }
}

function gateLines(gates: readonly Gate[]): FactLine[] {
  const widest = Math.max(...gates.map(({ name }) => name.length))
  return gates.map(({ name, verdict, reason }) => ({
    lead: `${name.padEnd(widest)}  ${VERDICTS[verdict].padEnd(4)}  `,
    leadStyle: STYLES[verdict],
    text: reason,
  }))
}

function writeLines(checked: DecidedImage, texts: readonly WrittenText[]): FactLine[] {
  const { decision, writes } = checked
  if (decision.kind !== 'update') {
    const style = decision.kind === 'up-to-date' ? 'green' : 'yellow'
    const short = { 'no-candidate': 'no candidate', 'not-running': 'not running', 'up-to-date': 'up to date' }
    const kind = short[decision.kind as keyof typeof short] ?? decision.kind
    return [{ style, text: `nothing, ${kind}: ${decision.reason}` }]
  }
  if (texts.length > 0) return [{ text: decision.reason }, ...texts.flatMap(textLines)]
  return [
    { text: decision.reason },
    ...(decision.approval
      ? [{ style: 'yellow' as const, text: `needs approval: ${decision.approval}` }]
      : []),
    ...writes.flatMap((write): FactLine[] => [
      { text: writeTitle(write) },
      ...write.fields.flatMap(({ field, before, after }): FactLine[] => [
        { lead: '  ', text: field },
        ...(before === '' ? [] : [{ lead: '  - ', style: 'red' as const, text: before }]),
        ...(after === '' ? [] : [{ lead: '  + ', style: 'green' as const, text: after }]),
      ]),
    ]),
  ]
}

function textLines({ changes, file }: WrittenText): FactLine[] {
  return changes.flatMap(({ added, line, removed }): FactLine[] => [
    { text: `${file}:${line}` },
    ...removed.map((text): FactLine => ({ lead: '  - ', style: 'red', text: text.trim() })),
    ...added.map((text): FactLine => ({ lead: '  + ', style: 'green', text: text.trim() })),
  ])
}
