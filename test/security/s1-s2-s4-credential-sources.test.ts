import { describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'

function readPullSecret(value: string, key: string) {
  const annotations = {
    [`${ANNOTATION_PREFIX}image-list`]: 'app=registry.example.com/app',
    [`${ANNOTATION_PREFIX}${key}`]: value,
  }
  return readAnnotationRules({ metadata: { name: 'shop', namespace: 'argocd', annotations } })
}

describe.each(['app.pull-secret', 'pull-secret'])('%s of an Application', (key) => {
  it.each([
    ['S1', 'ext:/usr/local/bin/login'],
    ['S1', 'EXT:/usr/local/bin/login'],
    ['S1', 'registry.example.com=ext:/usr/local/bin/login'],
    ['S1', '  ext:relative.sh  '],
    ['S2', 'env:AWS_CREDENTIALS'],
    ['S2', 'Env:AWS_CREDENTIALS'],
    ['S2', 'x=env:AWS_CREDENTIALS'],
    ['S4', 'pullsecret:kube-system/creds'],
    ['S4', 'PullSecret:kube-system/creds'],
    ['S4', 'x=secret:kube-system/creds#token'],
    ['S4', 'secret:argocd-other/creds#token'],
  ])('%s: %j makes no rule', (_, value) => {
    const { rules, problems } = readPullSecret(value, key)
    expect(rules).toEqual([])
    expect(problems).toMatchObject([{ severity: 'error', alias: 'app', key }])
  })

  it('a secret of the own namespace is allowed, so the refusals above are about the source', () => {
    expect(readPullSecret('pullsecret:argocd/creds', key).rules).toHaveLength(1)
  })
})
