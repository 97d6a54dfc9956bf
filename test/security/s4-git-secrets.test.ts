import { expect, it } from 'vitest'
import { repositoryWorld } from '../engine/repository-world.ts'

const SHOP = 'https://github.com/org/shop'

it.each([
  'git:secret:kube-system/creds',
  ' git:secret:kube-system/creds',
  'git:secret:argocd-other/creds',
  'git:secret:argo/creds',
])('S4: %j is not read for an Application of argocd', async (method) => {
  const world = repositoryWorld()
  for (const namespace of ['kube-system', 'argocd-other', 'argo']) {
    world.secret(`${namespace}/creds`, { password: 'pw' }, { type: '' })
  }
  await expect(world.find(method, SHOP)).rejects.toThrow('and the Application is in "argocd"')
  expect(world.asked).toEqual([])
  expect(await world.find(method, SHOP, { anyNamespace: true })).toMatchObject({ password: 'pw' })
})

it.each([
  'GIT:secret:kube-system/creds',
  'git:Secret:kube-system/creds',
  'x=git:secret:kube-system/creds',
  'git:secret:kube-system/creds#x',
  'git:secret:argocd/../kube-system/creds',
  'git:secret:argocd/creds,kube-system/creds',
])('S4: %j is nothing at all', async (method) => {
  const world = repositoryWorld()
  await expect(world.find(method, SHOP)).rejects.toThrow('does not say which git credentials to use')
  expect(world.asked).toEqual([])
})
