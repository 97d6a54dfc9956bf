import { type JsonObject, objectAt, textAt } from '../json.ts'
import type { Authorize } from './authorize.ts'

/** Answers a SelfSubjectAccessReview as {@link Authorize} would decide. */
export function accessReview(review: JsonObject, authorize: Authorize): JsonObject {
  const attributes = objectAt(review, 'spec', 'resourceAttributes')
  const allowed = authorize({
    verb: textAt(attributes, 'verb'),
    group: textAt(attributes, 'group'),
    resource: textAt(attributes, 'resource'),
    namespace: textAt(attributes, 'namespace'),
    name: textAt(attributes, 'name'),
  })
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: objectAt(review, 'spec'),
    status: allowed ? { allowed, reason: 'sandbox' } : { allowed },
  }
}

/** Answers `kubectl auth whoami`. */
export function selfReview(user: string): JsonObject {
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: null },
    status: { userInfo: { username: user, groups: ['system:authenticated'] } },
  }
}
