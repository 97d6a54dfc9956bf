import { expect, it } from 'vitest'
import { readClusterRegistries } from '../../src/lib/engine/registries-conf.ts'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import {
  configMap,
  objectCluster,
  privateRegistry,
  pullSecret,
  secretData,
} from '../engine/credential-world.ts'
import { world } from '../engine/registries.ts'

const OTHER = [
  'pullsecret:kube-system/creds',
  'PullSecret:kube-system/creds',
  'x=secret:kube-system/creds#login',
]

it.each(OTHER)('S4: %s in a ConfigMap of argocd is not read', async (source) => {
  const registry = await privateRegistry(() => 'me:secret')
  const text = `registries: [{name: Corp, api_url: "http://${registry.host}", credentials: "${source.replace('x=', `${registry.host}=`)}"}]`
  const objects = {
    'configmaps/argocd/argocd-image-updater-config': configMap(text),
    'secrets/kube-system/creds': {
      data: {
        ...(pullSecret({ [registry.host]: 'me:secret' })['data'] as object),
        ...secretData({ login: 'me:secret' }),
      },
    },
  }
  const warnings: string[] = []
  const cluster = objectCluster(objects)
  const found = await readClusterRegistries(cluster, false, (line) => warnings.push(line))
  const refused = world(cluster, [registry.host], { found })
  await expect(refused.access.listTags(refused.image())).rejects.toThrow('it wants a login')
  expect(cluster.asked).not.toContain('secrets/kube-system/creds')
  expect(warnings[0]).toContain('the secret is not in namespace argocd')

  const trusted = await readClusterRegistries(cluster, true, () => {})
  const allowed = world(cluster, [registry.host], { found: trusted })
  await allowed.access.listTags(allowed.image())
  expect(registry.logins).toEqual(['me:secret'])
})

it.each(OTHER)('S4: %s in an annotation needs the operator’s permission', (source) => {
  const annotations = {
    [`${ANNOTATION_PREFIX}image-list`]: 'app=registry.example.com/app',
    [`${ANNOTATION_PREFIX}pull-secret`]: source,
  }
  const shop = { metadata: { name: 'shop', namespace: 'argocd', annotations } }
  expect(readAnnotationRules(shop)).toMatchObject({ rules: [], problems: [{ severity: 'error' }] })
  expect(readAnnotationRules(shop, { allowCrossNamespaceSecrets: true })).toMatchObject({
    rules: [{ pullSecret: source }],
    problems: [],
  })
})
