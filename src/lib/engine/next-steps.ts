import type { Application } from '../application/application.ts'
import type { ChosenSource } from '../application/source-choice.ts'
import { withoutUserinfo } from '../git/repository-url.ts'
import type { ImageReference } from '../image/reference.ts'
import { ANNOTATION_PREFIX } from '../rules/annotation-keys.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import type { FilePlace } from './application-store.ts'
import type { ArgoState } from './argo-state.ts'
import type { CheckedImage, DecidedImage, RuleFault } from './checked-image.ts'
import { type Gate, PASSABLE_GATES } from './gate.ts'
import { shellWord } from './shell-word.ts'

/** What a person can do now. */
export interface NextStep {
  /** To be typed as it is; '' where there is nothing to type. */
  readonly command: string
  readonly purpose: string
}

/** Words of a command line that lead to the Application's cluster and namespace again: ` -n argocd`, or ''. */
export type ConnectionWords = (application: Application) => string

const PROGRAM = 'kubectl image-updater'

/**
 * What to do about an image, the nearest step first.
 *
 * @param home the file the Application is in; what Argo CD says of it where it is in a cluster
 */
export function nextSteps(
  checked: CheckedImage,
  home: ArgoState | FilePlace,
  connection: ConnectionWords,
): readonly NextStep[] {
  const { application } = checked
  const name = shellWord(application.metadata.name)
  const own = (verb: string, flags = '') => `${PROGRAM} ${verb} ${name}${flags}${connection(application)}`
  if (checked.state === 'failed') {
    const remedy = checked.error.remedy || 'Find out what the message above means, then look again'
    return [
      { command: '', purpose: remedy },
      { command: own('check'), purpose: 'looks again' },
    ]
  }
  const file = 'file' in home ? home : undefined
  const argo = 'file' in home ? undefined : home
  const sync =
    argo?.autoSync !== false
      ? []
      : [
          {
            command: `argocd app sync ${name}`,
            purpose: 'auto-sync is off: what is written waits for a sync',
          },
        ]
  switch (checked.decision.kind) {
    case 'update':
      return [
        { command: own('update'), purpose: 'shows the diff, asks, and applies it' },
        ...(checked.decision.approval === undefined
          ? []
          : [
              {
                command: own('update', ' --yes --pass max-bump'),
                purpose: 'applies it without a question, the bigger step too',
              },
            ]),
        ...sync,
        ...(file ? [] : [skipStep(checked, checked.decision.target, own)]),
      ]
    case 'waiting':
      return [
        ...afterWait(checked.decision.gates, own),
        ...(file ? [] : [skipStep(checked, checked.decision.target, own)]),
      ]
    case 'held':
      return [
        {
          command: own('resume', ` ${shellWord(checked.alias)}`.trimEnd()),
          purpose: 'releases it, so that it is updated again',
        },
      ]
    case 'up-to-date':
      if (file) {
        const purpose = 'exits with 1 when there is something newer, for CI'
        return [{ command: own('check', ' --exit-code'), purpose }]
      }
      return argo?.sync === 'OutOfSync'
        ? sync
        : [{ command: own('watch'), purpose: 'keeps looking, and asks when there is something newer' }]
    case 'rolling':
      return [{ command: own('check'), purpose: 'shows when the Pods have followed' }]
    case 'not-running':
      return [forceUpdate(checked, connection, file)]
    case 'no-candidate':
      return [
        {
          command: own('explain', ` ${shellWord(checked.alias || checked.image)} --all`),
          purpose: 'shows every tag and why it was dropped',
        },
      ]
    case 'blocked':
      return afterStop(checked, own('update', ' --allow-downgrade'), connection, file)
  }
}

function skipStep(
  { alias, image }: DecidedImage,
  { tag }: ImageReference,
  own: (verb: string, flags?: string) => string,
): NextStep {
  return {
    command: own('skip', ` ${shellWord(alias || image)} ${shellWord(tag)}`),
    purpose: 'declines it, so that the next one is offered',
  }
}

function afterWait(
  gates: readonly Gate[],
  own: (verb: string, flags?: string) => string,
): readonly NextStep[] {
  const passable = PASSABLE_GATES.filter((name) =>
    gates.some((gate) => gate.name === name && gate.verdict === 'wait'),
  )
  return [
    { command: own('watch'), purpose: 'goes on looking, and acts when the time has come' },
    {
      command: own('update', ` --pass ${passable.join(',')}`),
      purpose: 'does not wait, this time: shows the diff and asks',
    },
  ]
}

/** What to do about a rule that cannot be used. */
export function afterFault(
  application: Application,
  faults: readonly RuleFault[],
  connection: ConnectionWords,
): readonly NextStep[] {
  return [
    ...faults.map(({ fault, remedy }) => ({ command: '', purpose: `${fault.key}: ${remedy}` })),
    withAnnotate(application, connection, 'writes the rule anew, and shows first what it would select'),
  ]
}

/** What to do about an Application without rules. */
export function withoutRules(application: Application, connection: ConnectionWords): readonly NextStep[] {
  return [withAnnotate(application, connection, 'writes a rule, and shows first what it would select')]
}

function withAnnotate(application: Application, connection: ConnectionWords, purpose: string): NextStep {
  const name = shellWord(application.metadata.name)
  return { command: `${PROGRAM} annotate ${name}${connection(application)}`, purpose }
}

function afterStop(
  checked: DecidedImage,
  withDowngrade: string,
  connection: ConnectionWords,
  file: FilePlace | undefined,
): readonly NextStep[] {
  const { rule, running } = checked
  const gates = 'gates' in checked.decision ? checked.decision.gates : []
  const stop = gates.find(({ verdict }) => verdict === 'stop')
  const { source } = running.images
  switch (stop?.name) {
    case 'skip': {
      const { tag = '', digest = '' } = 'target' in checked.decision ? checked.decision.target : {}
      const skipped = shellWord(digest ? `${tag}@${digest}` : tag)
      return [
        {
          command: `${PROGRAM} skip ${shellWord(checked.application.metadata.name)} ${shellWord(checked.alias || checked.image)} ${skipped} --undo${connection(checked.application)}`,
          purpose: 'offers it again',
        },
      ]
    }
    case 'direction':
      return [
        { command: withDowngrade, purpose: 'goes back to the older version, this time' },
        annotationStep(
          checked,
          connection,
          file,
          keyOf(rule, 'allow-downgrade'),
          'true',
          'goes back whenever the rule says so',
        ),
      ]
    case 'write-back':
      return [
        {
          command: '',
          purpose: `Change the image in git: ${gitPlace(source, rule)}`,
        },
        annotationStep(
          checked,
          connection,
          file,
          'write-back-method',
          'argocd',
          'has the Application itself written instead',
        ),
      ]
    case 'place':
      if (rule.writeBack.method === 'restart') {
        return [
          annotationStep(checked, connection, file, 'write-back-method', 'argocd', 'has the tag written'),
        ]
      }
      if (file && source.sourceType === '') {
        const purpose = `Say in ${file.file}:${file.line} how the source is rendered: an empty kustomize or helm block`
        return [{ command: '', purpose }]
      }
      return source.sourceType === ''
        ? [{ command: '', purpose: 'Wait until Argo CD has compared the Application once, or refresh it' }]
        : [{ command: '', purpose: `Change the tag in git: ${gitPlace(source, rule)}` }]
    default:
      return []
  }
}

function forceUpdate(
  checked: DecidedImage,
  connection: ConnectionWords,
  file: FilePlace | undefined,
): NextStep {
  const { rule, running } = checked
  if (running.images.source.overrideType === 'Unsupported') {
    return { command: '', purpose: 'Nothing can be restarted before a Pod runs the image' }
  }
  const key = keyOf(rule, 'force-update')
  return annotationStep(
    checked,
    connection,
    file,
    key,
    'true',
    'has it written although nothing is seen to run it',
  )
}

/** As kubectl writes an annotation; a rule that was written elsewhere is changed there. */
function annotationStep(
  { application, rule: { origin } }: DecidedImage,
  connection: ConnectionWords,
  file: FilePlace | undefined,
  key: string,
  value: string,
  purpose: string,
): NextStep {
  if (origin.kind !== 'annotation') {
    return { command: '', purpose: `${key}: "${value}" in ${origin.object} ${purpose}` }
  }
  if (file) {
    const annotation = `${ANNOTATION_PREFIX}${key}: "${value}"`
    return { command: '', purpose: `Annotation ${annotation} in ${file.file}:${file.line} ${purpose}` }
  }
  const { metadata } = application
  const words = connection(application)
  // kubectl knows nothing of the namespace that is looked in where the context names none.
  const where = words.includes(' --namespace ') ? '' : ` -n ${shellWord(metadata.namespace ?? 'default')}`
  const setting = shellWord(`${ANNOTATION_PREFIX}${key}=${value}`)
  return {
    command: `kubectl annotate applications.argoproj.io ${shellWord(metadata.name)}${words}${where} --overwrite ${setting}`,
    purpose,
  }
}

function keyOf({ alias }: UpdateRule, setting: string): string {
  return alias === '' ? setting : `${alias}.${setting}`
}

/** Repository, path and revision; a password that somebody left in the URL is nobody's to see. */
function gitPlace({ field }: ChosenSource, { writeBack }: UpdateRule): string {
  if (writeBack.gitRepository) return withoutUserinfo(writeBack.gitRepository)
  const [repository = '', path, revision] = ['repoURL', 'path', 'targetRevision'].map((name) =>
    field.member(name).text(),
  )
  return [withoutUserinfo(repository), path && `path ${path}`, revision && `revision ${revision}`]
    .filter(Boolean)
    .join(', ')
}
