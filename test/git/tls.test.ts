import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createCertificateAuthority } from '../integration/testbed/certificates.ts'
import { findOnPath } from '../integration/testbed/find-binary.ts'
import { world, writing } from './operator.ts'
import { BASIC } from './server.ts'

const openssl = await findOnPath('openssl')
const edit = writing('new.yaml', 'a: 1\n')

it.skipIf(!openssl)('the server is verified, and may verify the client', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'git-tls-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const authority = await createCertificateAuthority(openssl ?? '', folder)
  const server = await authority.issue('server', '/CN=git', 'server')
  const client = await authority.issue('client', '/CN=op', 'client')
  const read = (file: string) => readFile(file, 'utf8')
  const ca = await read(authority.certificateFile)
  const tls = {
    key: await read(server.keyFile),
    cert: await read(server.certificateFile),
    ca,
    requestCert: true,
  }
  const { change } = await world(undefined, { tls })

  await expect(change({ access: BASIC, edit })).rejects.toMatchObject({
    kind: 'tls',
    remedy: expect.stringContaining('argocd-tls-certs-cm'),
  })
  await expect(change({ access: { ...BASIC, tls: { ca } }, edit })).rejects.toMatchObject({
    name: 'GitError',
  })
  const clientCertificate = await read(client.certificateFile)
  const clientKey = await read(client.keyFile)
  const access = { ...BASIC, tls: { ca, clientCertificate, clientKey } }
  expect(await change({ access, edit })).toMatchObject({ pushed: true })
})
