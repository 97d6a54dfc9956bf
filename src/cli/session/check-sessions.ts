import type { CheckedImage } from '../../lib/engine/checked-image.ts'
import { UserError } from '../../lib/errors.ts'
import type { CheckReport, Session } from './session.ts'

/** What `check` found in one cluster. */
export interface CheckedView {
  readonly session: Session
  readonly report: CheckReport
  readonly rows: readonly CheckedImage[]
}

/**
 * Checks the clusters one after another, so that what is asked of one does not slow another's registries. One
 * that cannot be read is told, and stops no other.
 */
export async function checkSessions(
  sessions: readonly Session[],
  names: readonly string[],
): Promise<[CheckedView, ...CheckedView[]]> {
  const views: CheckedView[] = []
  let failure: UserError | undefined
  for (const session of sessions) {
    try {
      const report = await session.check(names)
      views.push({ report, rows: report.rows, session })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failure ??= error
      if (sessions.length > 1) session.problem(error)
    }
  }
  const [first, ...others] = views
  if (!first) throw failure ?? new Error('a check without a cluster')
  return [first, ...others]
}

/** Which context a row is of; undefined where there is one only, which nobody has to be told. */
export function contextIn(views: readonly CheckedView[]): ((row: CheckedImage) => string) | undefined {
  if (views.length === 1) return undefined
  const contexts = new Map(
    views.flatMap(({ rows, session }) => rows.map((row) => [row, session.target.context] as const)),
  )
  return (row) => contexts.get(row) ?? ''
}

/** A row as the documented JSON item, with its context where there are several. */
export function documentIn(views: readonly CheckedView[]): (row: CheckedImage) => Record<string, unknown> {
  const contextOf = contextIn(views)
  const [first] = views
  return (row) => ({
    ...(contextOf && { context: contextOf(row) }),
    ...first?.session.documentOf(row),
  })
}
