import { describe, expect, it } from 'vitest'
import { type AccessAttributes, isAllowed } from '../../../src/lib/cluster/access-review.ts'
import type { LoadedImages } from '../../../src/lib/engine/doctor/loaded-images.ts'
import { missingRights } from '../../../src/lib/engine/doctor/review-rights.ts'
import { rightFindings } from '../../../src/lib/engine/doctor/right-findings.ts'
import { type RightsWanted, rightsFor } from '../../../src/lib/engine/doctor/rights.ts'
import { rightsWanted } from '../../../src/lib/engine/doctor/rights-wanted.ts'
import { rolesFor } from '../../../src/lib/engine/doctor/roles.ts'
import { manageImages } from '../../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../../src/lib/rules/annotations.ts'
import { FakeCluster } from '../fake-cluster.ts'
import { type ApplicationText, applicationOf } from '../world.ts'

const WANTED: RightsWanted = {
  applications: ['argocd'],
  workloads: ['apps'],
  workloadTypes: [{ group: 'apps', resource: 'deployments' }],
  secrets: [{ namespace: 'argocd', name: 'regcred' }],
  repositories: [],
  imageUpdaters: true,
  registriesConf: true,
  elsewhere: 0,
}
const RIGHTS = rightsFor(WANTED)

function loadedOf(...texts: ApplicationText[]): LoadedImages {
  return { ...manageImages(texts.map(applicationOf), readAnnotationRules), problems: [] }
}

function findings(missing: (right: AccessAttributes) => boolean, rights = RIGHTS): string[] {
  return rightFindings(rights, rights.filter(missing)).map(
    ({ state, message, remedy }) => `${state}: ${message}${remedy && ` → ${remedy}`}`,
  )
}

describe('the rights that commands make use of', () => {
  it('are asked verb by verb, each in its namespace', () => {
    const asked = RIGHTS.map(({ verb, resource, namespace }) => `${verb} ${resource} ${namespace}`)
    expect(asked).toEqual([
      'get applications argocd',
      'list applications argocd',
      'watch applications argocd',
      'patch applications argocd',
      'get appprojects argocd',
      'create events argocd',
      'create leases argocd',
      'get leases argocd',
      'update leases argocd',
      'list imageupdaters argocd',
      'get configmaps argocd',
      'list pods apps',
      'get deployments apps',
      'patch deployments apps',
      'get secrets argocd',
    ])
  })

  it('are wanted where the selected Applications are and deploy to', () => {
    const more = { imageUpdaters: false, registriesConf: true }
    const shop = { deployments: ['web'], rules: { 'image-list': 'app=org/app' } }
    const pulling = {
      name: 'pulling',
      rules: { 'image-list': 'app=org/app', 'app.pull-secret': 'pullsecret:argocd/regcred' },
    }
    expect(rightsWanted(loadedOf(shop, pulling), new FakeCluster(), more)).toEqual({
      ...more,
      applications: ['argocd'],
      elsewhere: 0,
      repositories: [],
      secrets: [{ namespace: 'argocd', name: 'regcred' }],
      workloadTypes: [{ group: 'apps', version: 'v1', resource: 'deployments' }],
      workloads: ['apps'],
    })
  })

  it('are those to the logins of Argo CD where something is committed', () => {
    const more = { imageUpdaters: false, registriesConf: false }
    const committed = { rules: { 'image-list': 'app=org/app', 'write-back-method': 'git' } }
    const { repositories } = rightsWanted(loadedOf(committed), new FakeCluster(), more)
    expect(repositories).toEqual(['argocd'])
    const asked = rightsFor({ ...WANTED, repositories }).slice(RIGHTS.length)
    expect(asked.map(({ verb, resource, name = '' }) => `${verb} ${resource} ${name}`.trimEnd())).toEqual([
      'list secrets',
      'get configmaps argocd-ssh-known-hosts-cm',
      'get configmaps argocd-tls-certs-cm',
    ])
  })

  it('in other clusters are not asked for', () => {
    const more = { imageUpdaters: false, registriesConf: false }
    const { applications, ...rest } = loadedOf({})
    const away = applications.map((one) => ({
      ...one,
      spec: { ...one.spec, destination: { server: 'https://elsewhere', namespace: 'apps' } },
    }))
    expect(rightsWanted({ ...rest, applications: away }, new FakeCluster(), more)).toMatchObject({
      elsewhere: 1,
      workloadTypes: [],
      workloads: [],
    })
  })

  it('are known for the namespace alone when no Application could be read', () => {
    const more = { imageUpdaters: false, registriesConf: false }
    expect(rightsWanted(undefined, new FakeCluster(), more)).toMatchObject({
      applications: ['argocd'],
      workloads: [],
    })
  })
})

describe('what is told', () => {
  it('is one line when nothing is missing', () => {
    const [line, ...others] = findings(() => false)
    expect(others).toEqual([])
    expect(line).toMatch(
      /^ok: all 15 rights in argocd, apps: applications\.argoproj\.io \(get, list, watch, patch\), /,
    )
  })

  it('is a line for each thing that does not work, with the rule that allows it', () => {
    const [first, ...others] = findings(({ verb }) => verb === 'patch')
    expect(first).toMatch(/^ok: 13 rights in argocd, apps: /)
    expect(others).toEqual([
      'warn: you may not patch applications.argoproj.io in argocd: update, watch and annotate cannot write → Add to a Role: {apiGroups: ["argoproj.io"], resources: [applications], verbs: [patch]}',
      'warn: you may not patch deployments.apps in apps: workloads cannot be restarted for a tag that moved → Add to a Role: {apiGroups: ["apps"], resources: [deployments], verbs: [patch]}',
    ])
  })

  it('is a failure where nothing can work, or the images of a rule cannot', () => {
    expect(
      findings(
        ({ verb, resource }) => resource === 'secrets' || (verb !== 'patch' && resource === 'applications'),
      ),
    ).toEqual([
      expect.stringMatching(/^ok: /),
      'fail: you may not get, list applications.argoproj.io in argocd: no command can work → Add to a Role: {apiGroups: ["argoproj.io"], resources: [applications], verbs: [get, list]}',
      expect.stringMatching(/^warn: you may not watch applications/),
      'fail: you may not get secrets "regcred" in argocd: the images of the rules that name it cannot be looked at → Add to a Role: {apiGroups: [""], resources: [secrets], resourceNames: [regcred], verbs: [get]}',
    ])
  })

  it('names a few namespaces and counts the others', () => {
    const many = rightsFor({ ...WANTED, workloads: ['a', 'b', 'c', 'd', 'e', 'f'] })
    expect(findings(({ resource }) => resource === 'pods', many)[1]).toContain(
      'pods in a, b, c, d and 2 more:',
    )
  })

  it('speaks of a ClusterRole for all namespaces', () => {
    const everywhere = rightsFor({ ...WANTED, applications: [''] })
    const [, line] = findings(({ verb }) => verb === 'watch', everywhere)
    expect(line).toMatch(/in all namespaces: .* → Add to a ClusterRole: /)
  })
})

describe('the roles that grant rights', () => {
  it('are one a namespace, with one rule a resource', () => {
    const some = RIGHTS.filter(({ resource }) => ['applications', 'secrets', 'pods'].includes(resource))
    expect(rolesFor(some)).toEqual([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'kubectl-image-updater', namespace: 'argocd' },
        rules: [
          {
            apiGroups: ['argoproj.io'],
            resources: ['applications'],
            verbs: ['get', 'list', 'watch', 'patch'],
          },
          { apiGroups: [''], resources: ['secrets'], resourceNames: ['regcred'], verbs: ['get'] },
        ],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'kubectl-image-updater', namespace: 'apps' },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
      },
    ])
  })

  it('are a ClusterRole for all namespaces', () => {
    const [role] = rolesFor(rightsFor({ ...WANTED, applications: [''] }))
    expect(role).toMatchObject({ kind: 'ClusterRole', metadata: { name: 'kubectl-image-updater' } })
    expect(role?.metadata).not.toHaveProperty('namespace')
  })
})

describe('an access review', () => {
  it.each([
    [{ allowed: true }, true],
    [{ allowed: false }, false],
    [{ allowed: false, denied: true }, false],
    [{}, false],
  ])('that answers %o means %s', async (status, allowed) => {
    const sent: unknown[] = []
    const create = async (_path: unknown, object: object) => {
      sent.push(object)
      return { metadata: { name: '' }, status }
    }
    const right = { verb: 'get', group: '', resource: 'secrets', namespace: 'argocd', name: 'regcred' }
    expect(await isAllowed({ create }, right)).toBe(allowed)
    expect(sent).toEqual([
      expect.objectContaining({ kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: right } }),
    ])
  })
})

describe('rights in many namespaces', () => {
  const many = rightsFor({ ...WANTED, workloads: ['a', 'b', 'c', 'd', 'e'] })

  async function review(allowed: (right: AccessAttributes) => boolean) {
    const asked: AccessAttributes[] = []
    const create = async (_path: unknown, object: object) => {
      const { resourceAttributes } = (object as { spec: { resourceAttributes: AccessAttributes } }).spec
      asked.push(resourceAttributes)
      return { metadata: { name: '' }, status: { allowed: allowed(resourceAttributes) } }
    }
    return { asked, missing: await missingRights({ create }, many) }
  }
  const ofPods = ({ resource }: AccessAttributes) => resource === 'pods'

  it('are one question for who has them everywhere', async () => {
    const { asked, missing } = await review(() => true)
    expect(missing).toEqual([])
    expect(asked.filter(ofPods).map(({ namespace }) => namespace)).toEqual([''])
  })

  it('are asked one by one for who does not', async () => {
    const { asked, missing } = await review(({ namespace }) => namespace !== '' && namespace !== 'c')
    expect(asked.filter(ofPods).map(({ namespace }) => namespace)).toEqual(['', 'a', 'b', 'c', 'd', 'e'])
    expect(missing.filter(ofPods).map(({ namespace }) => namespace)).toEqual(['c'])
  })
})
