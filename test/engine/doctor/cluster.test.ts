import { describe, expect, it } from 'vitest'
import { ClusterError } from '../../../src/lib/cluster/client.ts'
import type { ServerVersion } from '../../../src/lib/cluster/discovery.ts'
import { EMPTY_CLUSTER, EMPTY_USER } from '../../../src/lib/cluster/kubeconfig.ts'
import { mergeKubeconfigs } from '../../../src/lib/cluster/load-kubeconfig.ts'
import { clusterCheck } from '../../../src/lib/engine/doctor/cluster.ts'
import { examine } from '../../../src/lib/engine/doctor/examine.ts'

const SERVER = 'https://api.example.com'
const ANSWER: ServerVersion = { date: undefined, receivedAt: new Date(), version: 'v1.36.1' }

async function lines(
  answer: Promise<ServerVersion>,
  { server = SERVER, insecureSkipTlsVerify = false } = {},
): Promise<string[]> {
  const connection = {
    addressNote: '',
    cluster: { ...EMPTY_CLUSTER, insecureSkipTlsVerify, server },
    context: 'prod',
    contextNamespace: '',
    requestTimeout: 0,
    server,
    user: EMPTY_USER,
    userName: '',
  }
  const chosen = Promise.resolve({ connection, kubeconfig: mergeKubeconfigs([]) })
  const needs = { what: 'a kubeconfig', ready: chosen }
  const found = await examine([clusterCheck(needs, { chosen, server: answer })], 0)
  return found.map(({ state, message, remedy }) => `${state}: ${message}${remedy && ` → ${remedy}`}`)
}

describe('the API server', () => {
  it('answers, with its version, over a connection that is verified', async () => {
    expect(await lines(Promise.resolve(ANSWER))).toEqual([
      'ok: https://api.example.com answers: Kubernetes v1.36.1',
      'ok: its certificate was verified',
    ])
  })

  it('may keep its version to itself', async () => {
    const [first] = await lines(Promise.resolve({ ...ANSWER, version: '' }))
    expect(first).toBe('ok: https://api.example.com answers; its version is not told to this user')
  })

  it.each([
    [{ insecureSkipTlsVerify: true }, /^warn: its certificate is not verified .* → Name its authority/],
    [{ server: 'http://localhost:8001' }, /^warn: the connection is plain http: .* → Use an https server/],
  ])('is not to be trusted with %o', async (how, line) => {
    const [, second] = await lines(Promise.resolve(ANSWER), how)
    expect(second).toMatch(line)
  })

  it('that refuses a credential is not one that is away', async () => {
    const refusal = new ClusterError('Unauthorized', 401, 'Unauthorized', 'Log in again')
    expect(await lines(Promise.reject(refusal))).toEqual([
      'fail: the API server answers, and does not accept your credential (401 Unauthorized) → Log in again',
    ])
    const away = new ClusterError('connection refused', 0, 'Unreachable')
    expect(await lines(Promise.reject(away))).toEqual(['fail: connection refused'])
  })
})
