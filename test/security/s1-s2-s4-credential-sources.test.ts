import { describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { readApplicationRules } from '../../src/lib/rules/image-updater/application-rules.ts'
import { readImageUpdater } from '../../src/lib/rules/image-updater/image-updater.ts'

function readPullSecret(value: string, key: string) {
  const annotations = {
    [`${ANNOTATION_PREFIX}image-list`]: 'app=registry.example.com/app',
    [`${ANNOTATION_PREFIX}${key}`]: value,
  }
  return readAnnotationRules({ metadata: { name: 'shop', namespace: 'argocd', annotations } })
}

/** Credential sources that whoever may write objects of the cluster must not be able to name. */
const REFUSED = [
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
] as const

describe.each(['app.pull-secret', 'pull-secret'])('%s of an Application', (key) => {
  it.each(REFUSED)('%s: %j makes no rule', (_, value) => {
    const { rules, problems } = readPullSecret(value, key)
    expect(rules).toEqual([])
    expect(problems).toMatchObject([{ severity: 'error', alias: 'app', key }])
  })

  it('a secret of the own namespace is allowed, so the refusals above are about the source', () => {
    expect(readPullSecret('pullsecret:argocd/creds', key).rules).toHaveLength(1)
  })
})

describe.each(['spec', 'applicationRef', 'image'])('pullSecret of an ImageUpdater, in its %s', (level) => {
  const read = (pullSecret: string) => {
    const at = (place: string) => (place === level ? { commonUpdateSettings: { pullSecret } } : {})
    const image = { alias: 'app', imageName: 'registry.example.com/app', ...at('image') }
    const ref = { namePattern: 'shop', images: [image], ...at('applicationRef') }
    const spec = { applicationRefs: [ref], ...at('spec') }
    const metadata = { name: 'updater', namespace: 'argocd' }
    return readApplicationRules({ metadata: { name: 'shop', namespace: 'argocd' } }, [
      readImageUpdater({ metadata, spec }),
    ])
  }

  it.each(REFUSED)('%s: %j makes no rule', (_, value) => {
    const { rules, problems } = read(value)
    expect(rules).toEqual([])
    expect(problems).toMatchObject([
      { severity: 'error', alias: 'app', key: expect.stringMatching(/\.pullSecret$/) },
    ])
  })

  it('a secret of the own namespace is allowed', () => {
    expect(read('pullsecret:argocd/creds').rules).toHaveLength(1)
  })
})
