import type { Application } from '../../lib/application/application.ts'
import { registryFor } from '../../lib/engine/context.ts'
import { type LintedFinding, lint } from '../../lib/engine/lint/lint.ts'
import { type ManagedImages, manageImages } from '../../lib/engine/managed-image.ts'
import { readApplicationRules } from '../../lib/rules/image-updater/application-rules.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import { type Session, warn } from '../session/session.ts'
import { type FixOptions, type FixOutcome, fixApplications } from './fix.ts'

export interface LintOptions extends FixOptions {
  readonly offline: boolean
  readonly fix: boolean
}

/** What `lint` found, after repairs where they were asked for. */
export interface LintReport {
  readonly findings: readonly LintedFinding[]
  readonly fixed: readonly FixOutcome[]
  /** Those that were looked at. */
  readonly applications: readonly Application[]
}

/** Reads the rules, checks them, and where asked puts right what needs no decision and checks again. */
export async function lintSession(
  session: Session,
  names: readonly string[],
  options: LintOptions,
): Promise<LintReport> {
  const managed = await session.load(names)
  const findings = await check(session, managed, options.offline)
  const fixed = options.fix ? await fixApplications(session, managed, findings, options) : []
  const changed = fixed.filter(({ outcome }) => outcome !== 'declined' && outcome !== 'failed')
  const { applications } = managed
  if (changed.length === 0) return { findings, fixed, applications }
  if (options.dryRun === 'none') {
    return { findings: await check(session, await session.load(names), options.offline), fixed, applications }
  }
  const left = await check(session, withFixes(session, managed, changed), options.offline)
  // What would be is nowhere: its place is that of what is.
  const before = new Map(changed.map((outcome) => [outcome.after, outcome.application]))
  const inPlace = ({ application, ...finding }: LintedFinding): LintedFinding => ({
    ...finding,
    application: application && (before.get(application) ?? application),
  })
  return { findings: left.map(inPlace), fixed, applications }
}

async function check(session: Session, managed: ManagedImages, offline: boolean): Promise<LintedFinding[]> {
  const { cluster, concurrency } = session.engine
  const found = await withProgress(offline ? 'Checking the rules' : 'Asking the registries', (report) =>
    lint(managed, {
      ...(cluster && { cluster }),
      concurrency,
      now: session.engine.now(),
      onProgress: (done, all) => report(`${done}/${all} images`),
      ...(!offline && { registryFor: (rule) => registryFor(session.engine, rule) }),
    }),
  )
  for (const warning of session.engine.applications.warnings) warn(warning)
  return found
}

/** What would be read if the repairs had been written. */
function withFixes(session: Session, managed: ManagedImages, fixed: readonly FixOutcome[]): ManagedImages {
  const after = new Map(fixed.map((outcome) => [outcome.application, outcome.after]))
  const applications = managed.applications.map((application) => after.get(application) ?? application)
  const { imageUpdaters = [] } = managed
  const again = manageImages(applications, (application) =>
    readApplicationRules(application, imageUpdaters, session.engine),
  )
  const ofResources = managed.warnings.filter(({ origin }) => origin.kind === 'image-updater')
  return { ...again, imageUpdaters, warnings: [...ofResources, ...again.warnings] }
}
