import { onTestFinished } from 'vitest'
import { chooseProvider } from '../../src/lib/pull-requests/choose-provider.ts'
import { openPullRequests } from '../../src/lib/pull-requests/open-provider.ts'
import type { PullRequestProvider, PullRequestSpec } from '../../src/lib/pull-requests/pull-request.ts'
import type { PullRequestError } from '../../src/lib/pull-requests/pull-request-error.ts'
import { FakeClock } from '../registry/fake-clock.ts'
import { type Service, type ServiceDouble, TOKEN } from './service-double.ts'
import { startDouble } from './start-double.ts'

export interface Opened {
  readonly double: ServiceDouble
  readonly provider: PullRequestProvider
  readonly clock: FakeClock
}

/** A double, and the provider that asks it; both end with the test. */
export async function open(service: Service): Promise<Opened> {
  const double = await startDouble(service)
  const clock = new FakeClock()
  const place = chooseProvider(double.repositoryUrl, service.provider, double.api)
  const provider = await openPullRequests(
    place,
    { host: double.host, token: TOKEN },
    { env: {}, userAgent: 'kubectl-image-updater/test', clock, vouchedHosts: [double.host] },
  )
  onTestFinished(() => provider.close())
  return { double, provider, clock }
}

export const SPEC: PullRequestSpec = {
  head: 'image-updater/shop-1.2.0',
  base: 'main',
  title: 'chore: update nginx to 1.2.0',
  body: '| image | old | new |\n|---|---|---|\n| nginx | 1.1.0 | 1.2.0 |',
  labels: [],
  reviewers: [],
  draft: false,
  autoMerge: 'off',
  targetKey: '0f1e2d3c',
}

export async function failureOf(action: Promise<unknown>): Promise<PullRequestError> {
  return action.then(
    () => {
      throw new Error('nothing was thrown')
    },
    (error: PullRequestError) => error,
  )
}
