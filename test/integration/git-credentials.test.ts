import { expect, inject, it } from 'vitest'
import { RepositoryReader } from '../../src/lib/cluster/repositories.ts'
import { findRepositorySecret } from '../../src/lib/engine/repository-credential.ts'
import { parseRepositoryUrl } from '../../src/lib/git/repository-url.ts'
import { openTestCluster } from '../cluster/open-test-cluster.ts'

const { kubernetes } = inject('testbed')

it('who may not list Secrets is told so, with a way out', async () => {
  const client = await openTestCluster({ kubeconfig: kubernetes.kubeconfig, context: 'dev' })
  const url = parseRepositoryUrl('https://git.example.com/team/shop')
  const finding = findRepositorySecret(new RepositoryReader(client), url, {
    namespace: 'argocd',
    project: 'default',
  })
  await expect(finding).rejects.toMatchObject({
    message: expect.stringContaining(
      'the Secrets of namespace argocd, where Argo CD keeps them, may not be listed',
    ),
    remedy: expect.stringContaining('kubectl auth can-i list secrets -n argocd'),
  })
})
