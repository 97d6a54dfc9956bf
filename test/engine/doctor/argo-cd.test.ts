import { describe, expect, it } from 'vitest'
import { ClusterError } from '../../../src/lib/cluster/client.ts'
import { NO_SUCH_RESOURCE_TYPE } from '../../../src/lib/cluster/status-error.ts'
import type { ApiTransport } from '../../../src/lib/cluster/transport.ts'
import { applicationsCheck } from '../../../src/lib/engine/doctor/applications.ts'
import { argoCdCheck } from '../../../src/lib/engine/doctor/argo-cd.ts'
import { examine } from '../../../src/lib/engine/doctor/examine.ts'
import type { LoadedImages } from '../../../src/lib/engine/doctor/loaded-images.ts'
import { ApplicationProblem } from '../../../src/lib/engine/load.ts'
import { manageImages } from '../../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../../src/lib/rules/annotations.ts'
import { FakeCluster } from '../fake-cluster.ts'
import { type ApplicationText, applicationOf } from '../world.ts'

const ARGO = '/apis/argoproj.io/v1alpha1'
const UPDATER = '/apis/argocd-image-updater.argoproj.io/v1alpha1'
const RULES = { 'image-list': 'app=org/app' }

interface Given {
  /** Resource types by path of the group. */
  readonly types?: Readonly<Record<string, readonly string[]>>
  readonly applications?: readonly ApplicationText[]
  readonly problems?: LoadedImages['problems']
  /** What reading Applications comes to, where not to these. */
  readonly loading?: Promise<LoadedImages>
  /** Image of the StatefulSet argocd-application-controller. */
  readonly controller?: string
}

async function lines(given: Given = {}): Promise<string[]> {
  const types = given.types ?? { [ARGO]: ['applications', 'appprojects'], [UPDATER]: ['imageupdaters'] }
  const transport = {
    connection: { context: 'test', server: 'https://test' },
    send: async ({ path }: { path: string }) => {
      const names = types[path]
      const text = JSON.stringify({ resources: names?.map((name) => ({ name })) })
      return { date: '', status: names ? 200 : 404, text }
    },
  } as unknown as ApiTransport
  const client = new FakeCluster()
  if (given.controller !== undefined) {
    client.put('statefulsets', {
      metadata: { name: 'argocd-application-controller', namespace: 'argocd' },
      spec: { template: { spec: { containers: [{ image: given.controller }] } } },
    })
  }
  const { applications = [{ rules: RULES }], problems = [] } = given
  const loaded = { ...manageImages(applications.map(applicationOf), readAnnotationRules), problems }
  const needs = { what: 'an API server', ready: Promise.resolve() }
  const checks = [
    argoCdCheck(needs, { client: Promise.resolve(client), transport: Promise.resolve(transport) }),
    applicationsCheck(needs, {
      client: Promise.resolve(client),
      loaded: given.loading ?? Promise.resolve(loaded),
    }),
  ]
  const found = await examine(checks, 0)
  return found.map(({ state, message, remedy }) => `${state}: ${message}${remedy && ` → ${remedy}`}`)
}

describe('Argo CD', () => {
  it('is there, with its version and its Applications', async () => {
    expect(await lines({ controller: 'quay.io/argoproj/argocd:v3.1.0' })).toEqual([
      'ok: Application v1alpha1 is served; ImageUpdater resources are known',
      'ok: Argo CD v3.1.0 (namespace argocd)',
      'ok: 1 Application in namespace argocd, 1 image with rules',
    ])
  })

  it('is not there: nothing else is to be said', async () => {
    const missing = new ClusterError('no such type', 404, NO_SUCH_RESOURCE_TYPE)
    expect(await lines({ loading: Promise.reject(missing), types: {} })).toEqual([
      "fail: Argo CD's Application CRD (v1alpha1) is not installed here → Choose the cluster that runs Argo CD with --context",
    ])
  })

  it('without AppProjects is half installed; without ImageUpdaters it is as usual', async () => {
    expect((await lines({ types: { [ARGO]: ['applications'] } })).slice(0, 2)).toEqual([
      "warn: Argo CD's AppProject CRD is not installed here → Install it with Argo CD",
      'ok: Application v1alpha1 is served; no ImageUpdater resources (they are optional)',
    ])
  })

  it.each([undefined, 'quay.io/argoproj/argocd@sha256:0000', 'not an image'])(
    'has a version that is not known where its controller runs %s',
    async (controller) => {
      const [, version] = await lines(controller === undefined ? {} : { controller })
      expect(version).toMatch(/^skip: the version of Argo CD is not known: no argocd-application-controller/)
    },
  )
})

describe('the Applications', () => {
  const told = async (given: Given) => (await lines(given)).slice(2)

  it('are none: other places are named', async () => {
    expect(await told({ applications: [] })).toEqual([
      'warn: no Application is chosen in namespace argocd → Name another with -n, or look in all with -A; see -l and --field-selector too',
    ])
  })

  it('have no rule: the command that writes one is named', async () => {
    expect(await told({ applications: [{}] })).toEqual([
      'warn: 1 Application in namespace argocd, and no image has a rule → kubectl image-updater annotate APPLICATION writes one',
    ])
  })

  it('have rules that cannot be used', async () => {
    const rules = { 'image-list': 'app=org/app,b=org/b', 'b.allow-tags': '^1' }
    expect(await told({ applications: [{ rules }] })).toEqual([
      'ok: 1 Application in namespace argocd, 1 image with rules',
      'warn: 1 rule cannot be used → kubectl image-updater lint says why',
    ])
  })

  it('that were named are not there', async () => {
    const problems = [new ApplicationProblem('application "nope" not found', 'Check the name')]
    expect(await told({ applications: [], problems })).toEqual([
      'fail: application "nope" not found → Check the name',
    ])
  })
})
