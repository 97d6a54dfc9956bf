import { expect, it } from 'vitest'
import { changedFields } from '../../src/lib/deploy/changed-fields.ts'

it('an object differs in single fields; what the API server keeps itself does not count', () => {
  const live = {
    metadata: { name: 'a', resourceVersion: '1', managedFields: [{}], labels: { old: 'x' } },
    spec: { list: ['a', 'b'], replicas: 2 },
    status: { ready: 1 },
  }
  const applied = {
    metadata: { name: 'a', resourceVersion: '2', labels: {} },
    spec: { list: ['a'], replicas: 3, paused: { by: 'me' } },
  }
  expect(changedFields(live, applied)).toEqual([
    { field: 'metadata.labels.old', before: 'x', after: '' },
    { field: 'spec.list[1]', before: 'b', after: '' },
    { field: 'spec.replicas', before: '2', after: '3' },
    { field: 'spec.paused', before: '', after: '{"by":"me"}' },
  ])
})
