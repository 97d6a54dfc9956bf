import type { Application } from '../../application/application.ts'
import { ObjectField } from '../../application/object-field.ts'
import { type ApplicationOwner, applicationOwners } from '../../application/owners.ts'
import { chooseSource, overridePointer } from '../../application/source-choice.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import { toReadProblem } from '../../cluster/read-result.ts'
import type { LintFinding } from '../../rules/lint/finding.ts'
import type { UpdateRule } from '../../rules/update-rule.ts'

/** Reads the object that owns an Application; undefined where it is not there or may not be read. */
export type ReadOwner = (owner: ApplicationOwner, namespace: string) => Promise<ObjectField | undefined>

/**
 * Findings about an Application whose spec somebody else writes: an ApplicationSet, or another Application.
 * Those whose owner leaves the fields alone that an update writes are not told.
 *
 * @param rules those of this Application
 * @throws MalformedFieldError naming the field that has the wrong shape
 */
export async function ownerFindings(
  application: Application,
  rules: readonly UpdateRule[],
  read: ReadOwner,
): Promise<LintFinding[]> {
  const pointers = writtenPointers(application, rules)
  if (pointers.length === 0) return []
  const { name, namespace = '' } = application.metadata
  const told = await Promise.all(
    applicationOwners(application).map(async (owner) => {
      const object = await read(owner, namespace)
      const leaves = owner.kind === 'ApplicationSet' ? setLeavesAlone : parentLeavesAlone
      if (object && leaves(object, name, pointers)) return []
      return [finding(application, owner, pointers)]
    }),
  )
  return told.flat()
}

/** Where an update writes in the spec, as JSON Pointers; none where only workloads are restarted. */
function writtenPointers(application: Application, rules: readonly UpdateRule[]): readonly string[] {
  const pointers = rules
    .filter(({ writeBack }) => writeBack.method === 'application')
    .map(({ writeBack, targets }) => overridePointer(chooseSource(application, writeBack, targets)))
    .filter((pointer) => pointer !== '')
  return [...new Set(pointers)]
}

function finding(
  { metadata }: Application,
  { kind, name, knownBy, certain }: ApplicationOwner,
  pointers: readonly string[],
): LintFinding {
  const { name: own, namespace = '' } = metadata
  const list = pointers.join(', ')
  const ofSet = kind === 'ApplicationSet'
  const remedy = ofSet
    ? `Add to the spec of ApplicationSet ${name}: ignoreApplicationDifferences: [{jsonPointers: [${list}]}]`
    : `Add to the spec of Application ${name}: ignoreDifferences: [{group: argoproj.io, kind: Application, name: ${own}, jsonPointers: [${list}]}], and RespectIgnoreDifferences=true to its syncOptions`
  return {
    severity: certain ? 'warning' : 'info',
    code: ofSet ? 'applicationset-reverts' : 'application-reverts',
    origin: { kind: 'annotation', object: namespace === '' ? own : `${namespace}/${own}` },
    alias: '',
    key: '',
    value: name,
    problem: `${kind} ${name} ${ofSet ? 'makes' : certain ? 'deploys' : 'may deploy'} this Application (${knownBy}) and would put back what an update writes`,
    remedy,
  }
}

/** argoproj.io/v1alpha1 ApplicationSet: a policy that never modifies, or the fields are ignored. */
function setLeavesAlone(set: ObjectField, application: string, pointers: readonly string[]): boolean {
  const spec = set.member('spec')
  const policy = spec.member('syncPolicy').member('applicationsSync').text()
  if (policy === 'create-only' || policy === 'create-delete') return true
  return areIgnored(spec.member('ignoreApplicationDifferences').items(), application, pointers)
}

/** A parent that ignores the fields, and does so in its syncs as well. */
function parentLeavesAlone(parent: ObjectField, application: string, pointers: readonly string[]): boolean {
  const spec = parent.member('spec')
  const options = spec.member('syncPolicy').member('syncOptions').items()
  if (!options.some((option) => option.text() === 'RespectIgnoreDifferences=true')) return false
  const ofApplications = spec
    .member('ignoreDifferences')
    .items()
    .filter((entry) => entry.member('kind').text() === 'Application')
  return areIgnored(ofApplications, application, pointers)
}

function areIgnored(
  entries: readonly ObjectField[],
  application: string,
  pointers: readonly string[],
): boolean {
  const ignored = entries
    .filter((entry) => ['', application].includes(entry.member('name').text()))
    .flatMap((entry) => [
      ...entry
        .member('jsonPointers')
        .items()
        .map((pointer) => pointer.text()),
      ...entry
        .member('jqPathExpressions')
        .items()
        .map((path) => pointerOfPath(path.text())),
    ])
  return pointers.every((pointer) =>
    ignored.some((whole) => whole !== '' && (pointer === whole || pointer.startsWith(`${whole}/`))),
  )
}

/** A jq path of plain names, `.spec.source.helm`, as a JSON Pointer; '' for everything else. */
function pointerOfPath(path: string): string {
  return /^(?:\.[A-Za-z]+)+$/.test(path) ? path.replaceAll('.', '/') : ''
}

/** Reads owners from the cluster, each once. */
export function readOwnersFrom(cluster: ClusterClient): ReadOwner {
  const known = new Map<string, Promise<ObjectField | undefined>>()
  return (owner, namespace) => {
    const key = `${owner.kind}/${namespace}/${owner.name}`
    const reading = known.get(key) ?? readOwner(cluster, owner, namespace)
    known.set(key, reading)
    return reading
  }
}

async function readOwner(
  cluster: ClusterClient,
  { kind, name }: ApplicationOwner,
  namespace: string,
): Promise<ObjectField | undefined> {
  const resource = kind === 'ApplicationSet' ? 'applicationsets' : 'applications'
  const path = { group: 'argoproj.io', version: 'v1alpha1', resource, namespace, name }
  try {
    return new ObjectField(`${kind} "${name}"`, await cluster.get(path))
  } catch (error) {
    toReadProblem(error, { kind, namespace, name })
    return undefined
  }
}
