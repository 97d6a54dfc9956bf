import { expect, it } from 'vitest'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { endpointOf } from '../../src/lib/registry/endpoint.ts'

const rules = { allowedHosts: ['192.168.0.1'], plainHttpHosts: ['localhost:5000', '127.0.0.1'] }

it.each([
  ['nginx', 'docker.io', 'library/nginx', 'https://registry-1.docker.io'],
  ['docker.io/nginx', 'docker.io', 'library/nginx', 'https://registry-1.docker.io'],
  ['index.docker.io/library/nginx', 'docker.io', 'library/nginx', 'https://registry-1.docker.io'],
  ['org/app', 'docker.io', 'org/app', 'https://registry-1.docker.io'],
  ['harbor.example/library/app', 'harbor.example', 'library/app', 'https://harbor.example'],
  ['harbor.example/app', 'harbor.example', 'app', 'https://harbor.example'],
  ['GHCR.io/org/app', 'ghcr.io', 'org/app', 'https://ghcr.io'],
  ['reg.example:5000/app', 'reg.example:5000', 'app', 'https://reg.example:5000'],
  ['localhost:5000/app', 'localhost:5000', 'app', 'http://localhost:5000'],
  ['127.0.0.1:4321/app', '127.0.0.1:4321', 'app', 'http://127.0.0.1:4321'],
  ['192.168.0.1:8443/app', '192.168.0.1:8443', 'app', 'https://192.168.0.1:8443'],
])('%s is asked for at its registry', (text, registry, repository, api) => {
  expect(endpointOf(parseImageReference(text), rules)).toEqual({
    registry,
    repository,
    api,
    credentialHosts: [registry],
  })
})
