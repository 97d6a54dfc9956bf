import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { operatorIdentity, processIdentity } from '../../src/lib/cluster/operator-identity.ts'

it('says who and where', () => {
  const [user, host] = operatorIdentity().split('@')
  expect(user).not.toBe('')
  expect(host).toBe(hostname())
})

it('is unlike any other for each run', () => {
  expect(processIdentity()).toMatch(/^\S+@\S+ \d+\/[0-9a-f-]{36}$/)
  expect(processIdentity()).not.toBe(processIdentity())
})
