import { applicationOwners } from '../application/owners.ts'
import { UserError } from '../errors.ts'
import type { Age } from '../policy/maturity.ts'
import { afterGate } from './after-gate.ts'
import { argoState } from './argo-state.ts'
import type { EngineContext } from './context.ts'
import type { Winner } from './decide.ts'
import type { Gate, GateFacts, GateName, GitDestination } from './gate.ts'
import type { ManagedImage } from './managed-image.ts'

/** What the gates of one image must know; asks elsewhere only where its rule makes it necessary. */
export async function gateFacts(
  context: EngineContext,
  image: ManagedImage,
  known: {
    readonly age: Age | undefined
    readonly passed: ReadonlySet<GateName>
    readonly winner: Winner
  },
): Promise<GateFacts> {
  const { application } = image
  const now = context.now()
  const inFile = context.applications.fileOf(application) !== undefined
  const { age, passed, winner } = known
  const git =
    context.git && image.rule.writeBack.method === 'git' ? await gitDestination(context, image) : undefined
  return {
    now,
    owners: applicationOwners(application),
    ...(!inFile && { argo: argoState(application) }),
    ...(age && { age }),
    ...(git && { git }),
    elsewhere: [...(await timeGates(context, image, now)), ...(await afterGate(context, image, winner))],
    passed,
  }
}

async function timeGates(
  context: EngineContext,
  { application, rule }: ManagedImage,
  now: Date,
): Promise<readonly Gate[]> {
  // Cron is loaded only where something newer is found.
  const { windowGates } = await import('./window-gate.ts')
  return windowGates(rule.controls.windows, await context.projectOf(application), application, now)
}

/** Where it would be committed, or why nowhere. */
async function gitDestination(
  { git, projectOf }: Pick<EngineContext, 'git' | 'projectOf'>,
  { application, rule }: ManagedImage,
): Promise<GitDestination> {
  const [{ gitPlace, ownRepositories }, { gitPlaceText }, { repositoryProblem }] = await Promise.all([
    import('./git/git-place.ts'),
    import('./git/git-place-text.ts'),
    import('./git/permitted-repository.ts'),
  ])
  try {
    const place = gitPlace(application, rule, git?.wishes)
    const problem = repositoryProblem(place.url, ownRepositories(application), await projectOf(application))
    return { overridesSpec: place.target.kind === 'override', problem, words: gitPlaceText(place) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return {
      problem: error.remedy === '' ? error.message : `${error.message}. ${error.remedy}`,
      overridesSpec: false,
      words: '',
    }
  }
}
