import { expect, it } from 'vitest'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { findEntry } from '../../src/lib/rules/registries-conf/find-entry.ts'
import { parseRegistriesConf } from '../../src/lib/rules/registries-conf/parse.ts'

const entries = (prefix: string) =>
  parseRegistriesConf(`registries: [{name: x, api_url: https://own.example, prefix: "${prefix}"}]`, 'conf')

it.each([
  ['a host that begins alike', 'gcr.io', 'gcr.io.evil.example/app'],
  ['a host with another port', 'reg.io', 'reg.io:5000/app'],
  ['a neighbour that begins alike', 'ghcr.io/team-a', 'ghcr.io/team-ab/app'],
  ['every host, for want of a prefix', '', 'quay.io/app'],
])('S6: an entry does not catch %s', (_, prefix, image) => {
  expect(findEntry(entries(prefix), parseImageReference(image))).toBeUndefined()
})
