/**
 * Checks the product against files of conformance cases: `node test/conformance/run.ts FILE…`.
 *
 * A file is an array of `{id, area, input, expected, do_not_port?}`. Each area is answered by one function of
 * test/conformance/areas/*.ts. Cases marked `do_not_port` hold a defect of the original: to pass, the
 * product must answer differently.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

interface Case {
  readonly id: string
  readonly area: string
  readonly name: string
  readonly input: unknown
  readonly expected: unknown
  readonly do_not_port?: boolean
}

type Answer = (input: never) => unknown

interface AreaModule {
  readonly areas?: Record<string, Answer>
  /** Areas whose cases state only some fields of the answer. */
  readonly statedInPart?: readonly string[]
}

const { answers, statedInPart } = await loadAreas()
const cases = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as Case[])
if (cases.length === 0) {
  console.error('usage: node test/conformance/run.ts FILE…')
  process.exit(2)
}

let passed = 0
let failed = 0
for (const [area, casesOfArea] of Object.entries(Object.groupBy(cases, (item) => item.area))) {
  const answer = answers.get(area)
  if (answer === undefined) {
    console.log(`${area} not implemented (${casesOfArea?.length})`)
    continue
  }
  const failures = (casesOfArea ?? []).filter((item) => !passes(item, answer))
  const passedHere = (casesOfArea?.length ?? 0) - failures.length
  passed += passedHere
  failed += failures.length
  console.log(`${area} ${passedHere} passed, ${failures.length} failed`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

async function loadAreas(): Promise<{ answers: Map<string, Answer>; statedInPart: Set<string> }> {
  const folder = new URL('areas/', import.meta.url)
  const answers = new Map<string, Answer>()
  const statedInPart = new Set<string>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const module = (await import(new URL(file, folder).href)) as AreaModule
    for (const [area, answer] of Object.entries(module.areas ?? {})) answers.set(area, answer)
    for (const area of module.statedInPart ?? []) statedInPart.add(area)
  }
  return { answers, statedInPart }
}

function passes(item: Case, answer: Answer): boolean {
  let got: unknown
  try {
    got = answer(item.input as never)
  } catch (error) {
    got = { error: true, thrown: error instanceof Error ? error.message : String(error) }
  }
  const expected = normalise(item.expected)
  const answered = normalise(got)
  const same = agrees(expected, statedInPart.has(item.area) ? partOf(answered, expected) : answered)
  const passed = item.do_not_port ? !same : same
  if (!passed) {
    const expected = `${item.do_not_port ? 'anything but ' : ''}${JSON.stringify(item.expected)}`
    console.log(`FAILED ${item.id}\n  input    ${JSON.stringify(item.input)}`)
    console.log(`  expected ${expected}\n  got      ${JSON.stringify(got)}`)
  }
  return passed
}

/** The answer without the fields of which the case says nothing, at any depth. An error is always compared whole. */
function partOf(answered: unknown, expected: unknown): unknown {
  if (!isRecord(answered) || !isRecord(expected) || answered.error === true) return answered
  const stated = Object.keys(expected).filter((name) => name in answered)
  return Object.fromEntries(stated.map((name) => [name, partOf(answered[name], expected[name])]))
}

/** Absent, undefined and null fields are one and the same. */
function normalise(value: unknown): unknown {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(normalise)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined && field !== null)
      .map(([name, field]) => [name, normalise(field)]),
  )
}

/** Deep equality, except that errors need the same reason only where the answer gives one. */
function agrees(expected: unknown, got: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(got) &&
      got.length === expected.length &&
      expected.every((item, index) => agrees(item, got[index]))
    )
  }
  if (!isRecord(expected) || !isRecord(got)) return isDeepStrictEqual(expected, got)
  if (expected.$nonempty === true) return false
  if (expected.error === true && 'reason' in expected) {
    return got.error === true && (got.reason === undefined || got.reason === expected.reason)
  }
  const { thrown: _, ...answered } = got
  const names = new Set([...Object.keys(expected), ...Object.keys(answered)])
  return [...names].every((name) => {
    const wanted = expected[name]
    return isRecord(wanted) && wanted.$nonempty === true
      ? typeof answered[name] === 'string' && answered[name] !== ''
      : agrees(wanted, answered[name])
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
