import { expect, it } from 'vitest'
import { waitingFor } from '../../../src/lib/engine/git/waiting-for.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const REQUEST = 'https://git.example.com/acme/shop/pulls/7'

it.each([
  [{ commit: COMMIT, deployed: true, request: '' }, 'committed as 0123456789ab, Argo CD has yet to sync it'],
  [{ commit: '', deployed: true, request: '' }, 'git says so already, Argo CD has yet to sync it'],
  [{ commit: COMMIT, deployed: false, request: '' }, 'branch updates has it, and waits to be merged'],
  [{ commit: COMMIT, deployed: false, request: REQUEST }, `the pull request ${REQUEST} waits to be merged`],
  [{ commit: '', deployed: false, request: REQUEST }, `the pull request ${REQUEST} waits to be merged`],
])('%j', (put, text) => {
  expect(waitingFor({ ...put, branch: 'updates' })).toBe(text)
})
