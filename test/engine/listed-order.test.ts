import { expect, it } from 'vitest'
import { scan } from '../../src/lib/engine/scan.ts'
import { readFlagRule } from '../../src/lib/rules/flags.ts'
import { parseRegistriesConf } from '../../src/lib/rules/registries-conf/parse.ts'
import { open, server } from '../registry/opened.ts'
import { json } from '../registry/scripted-server.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

it.each([
  [
    'latest-first',
    'newest-build',
    'main-2',
    'newest of 3 candidates by its place in the listing (tagsortmode latest-first)',
  ],
  [
    'latest-last',
    'newest-build',
    'main-1',
    'newest of 3 candidates by its place in the listing (tagsortmode latest-last)',
  ],
  ['latest-first', 'alphabetical', 'main-3', 'last by name of 3 candidates'],
])('tagsortmode %s and %s: %s, and no date is asked for', async (order, strategy, tag, reason) => {
  const { host, requests } = await server((request, response) => {
    const tags = ['main-2', 'beta', 'main-3', 'main-1']
    json(response, 200, { tags }, request.method === 'HEAD' ? { 'docker-content-digest': DIGEST } : {})
  })
  const text = `registries: [{name: x, api_url: "http://${host}", tagsortmode: ${order}}]`
  const registries = parseRegistriesConf(text, 'conf').map((entry) => ({ entry, trusted: true }))
  const { access } = open([], { registries })
  const { rule } = readFlagRule(`${host}/org/app`, { strategy, tagFilter: '^main-' })
  const found = await scan(access, rule, new Date())
  expect(found.winner?.tag).toBe(tag)
  expect(found.verdicts[0]).toEqual({ tag, outcome: 'winner', reason: expect.stringContaining(reason) })
  const asked = requests.map(({ method, path }) => `${method} ${path.replace(/.*\/app\//, '')}`)
  expect(asked.filter((each) => !each.startsWith('GET tags/list'))).toEqual(
    strategy === 'newest-build' ? [`HEAD manifests/${tag}`] : [],
  )
})
