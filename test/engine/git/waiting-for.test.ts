import { expect, it } from 'vitest'
import { waitingFor } from '../../../src/lib/engine/git/waiting-for.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const REQUEST = 'https://git.example.com/acme/shop/pulls/7'

it.each([
  [{ commit: COMMIT, request: '' }, 'committed as 0123456789ab, Argo CD has yet to sync it'],
  [{ commit: '', request: '' }, 'git says so already, Argo CD has yet to sync it'],
  [{ commit: COMMIT, request: REQUEST }, `the pull request ${REQUEST} waits to be merged`],
  [{ commit: '', request: REQUEST }, `the pull request ${REQUEST} waits to be merged`],
])('%j', (put, text) => {
  expect(waitingFor(put)).toBe(text)
})
