import { describe, expect, it } from 'vitest'
import { editManifest } from '../../../../src/lib/writeback/git/targets/manifests.ts'
import { image, refusal } from './image-changes.ts'

const FILE = 'apps/web.yaml'
const edit = (text: string, ...images: ReturnType<typeof image>[]) => editManifest(text, images, FILE).text

/** A manifest of one line with `image` at a path of keys; a number is a place in a list. */
function manifest(apiVersion: string, kind: string, path: string, text: string): string {
  const value = path
    .split('/')
    .reduceRight<unknown>((inner, step) => (step === '0' ? [inner] : { [step]: inner }), text)
  return `${JSON.stringify({ apiVersion, kind, ...(value as object) })}\n`
}

describe('the images of', () => {
  it.each([
    ['v1', 'Pod', 'spec/containers/0/image'],
    ['v1', 'Pod', 'spec/volumes/0/image/reference'],
    ['v1', 'PodTemplate', 'template/spec/initContainers/0/image'],
    ['v1', 'ReplicationController', 'spec/template/spec/containers/0/image'],
    ['apps/v1', 'Deployment', 'spec/template/spec/initContainers/0/image'],
    ['apps/v1', 'StatefulSet', 'spec/template/spec/ephemeralContainers/0/image'],
    ['apps/v1', 'DaemonSet', 'spec/template/spec/containers/0/image'],
    ['apps/v1', 'ReplicaSet', 'spec/template/spec/containers/0/image'],
    ['batch/v1', 'Job', 'spec/template/spec/containers/0/image'],
    ['batch/v1', 'CronJob', 'spec/jobTemplate/spec/template/spec/containers/0/image'],
    ['argoproj.io/v1alpha1', 'Rollout', 'spec/template/spec/containers/0/image'],
    ['serving.knative.dev/v1', 'Service', 'spec/template/spec/containers/0/image'],
    ['argoproj.io/v1alpha1', 'Workflow', 'spec/templates/0/script/image'],
    ['argoproj.io/v1alpha1', 'WorkflowTemplate', 'spec/templates/0/container/image'],
    ['argoproj.io/v1alpha1', 'CronWorkflow', 'spec/workflowSpec/templates/0/sidecars/0/image'],
    ['sparkoperator.k8s.io/v1beta2', 'SparkApplication', 'spec/image'],
    ['sparkoperator.k8s.io/v1beta2', 'SparkApplication', 'spec/driver/image'],
    ['sparkoperator.k8s.io/v1beta2', 'ScheduledSparkApplication', 'spec/template/executor/image'],
    ['v1', 'List', 'items/0/spec/containers/0/image'],
  ])('%s %s change at %s', (apiVersion, kind, path) => {
    const of = (text: string) => {
      const written = manifest(apiVersion, kind, path, text)
      return kind === 'List' ? written.replace('{"spec"', '{"apiVersion":"v1","kind":"Pod","spec"') : written
    }
    expect(edit(of('org/web:1'), image('org/web:2'))).toBe(of('org/web:2'))
  })

  it.each([
    ['v1', 'ConfigMap', 'data/image'],
    ['v1', 'Service', 'spec/template/spec/containers/0/image'],
    ['example.com/v1', 'Deployment', 'spec/template/spec/containers/0/image'],
    ['apps/v1', 'Deployment', 'spec/containers/0/image'],
    ['apps/v1', 'Deployment', 'metadata/annotations/image'],
  ])('%s %s do not change at %s', (apiVersion, kind, path) => {
    const text = manifest(apiVersion, kind, path, 'org/web:1')
    expect(edit(text, image('org/web:2'))).toBe(text)
  })
})

const PODS = `# two pods\r
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: web
    image: "docker.io/org/web:1"   # ours

  - {name: b, image: ghcr.io/org/web:1}
  initContainers: [{image: org/web-init:1, name: c}]
---
apiVersion: v1
kind: PodList
items:
- spec:
    containers:
    - image: &i org/web
    - image: *i
...
`

describe('an image in manifests', () => {
  it('changes where its repository is the one of the rule, and keeps its spelling', () => {
    expect(edit(PODS, image('org/web:2'))).toBe(
      PODS.replace('docker.io/org/web:1', 'docker.io/org/web:2').replace('&i org/web', '&i org/web:2'),
    )
  })

  it('changes together with others', () => {
    expect(edit(PODS, image('ghcr.io/org/web:2'), image('org/web-init:3'))).toBe(
      PODS.replace('ghcr.io/org/web:1', 'ghcr.io/org/web:2').replace('web-init:1', 'web-init:3'),
    )
  })

  it('is told apart by port', () => {
    const text = manifest('v1', 'Pod', 'spec/containers/0/image', 'reg:5000/a:1')
    expect(edit(text, image('reg:5001/a:2'))).toBe(text)
    expect(edit(text, image('reg:5000/a:2'))).toBe(text.replace(':1', ':2'))
  })

  it('leaves a file alone that does not speak of it, or that Argo CD passes over', () => {
    expect(edit('a: {{ template }\n', image('org/web:2'))).toBe('a: {{ template }\n')
    const skipped = `# +argocd:skip-file-rendering\n${PODS}`
    expect(edit(skipped, image('org/web:2'))).toBe(skipped)
  })

  it.each([
    [
      'x: &x {image: org/web:1}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - <<: *x\n',
      /Pod : spec.containers\[0\].image: it comes from a merge key/,
    ],
    ['image: {{ .Values.web }\n', /apps\/web.yaml: line \d/],
    ['web: 1\nweb: 2\n', /line 2: Map keys must be unique/],
  ])('is refused in %j', (text, reason) =>
    expect(refusal(() => edit(text, image('org/web:2')))).toMatch(reason),
  )
})
