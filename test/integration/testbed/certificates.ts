import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './command.ts'

/** PEM files. */
export interface KeyPair {
  readonly certificateFile: string
  readonly keyFile: string
}

export interface CertificateAuthority {
  readonly certificateFile: string
  /** @param subject in openssl's form, `/O=system:masters/CN=admin` */
  issue(name: string, subject: string, use: 'server' | 'client'): Promise<KeyPair>
}

const EXTENSIONS = {
  server: 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\n',
  client: 'extendedKeyUsage=clientAuth\n',
}
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Makes a throw-away certificate authority in `folder`; everything it signs is valid for two days. */
export async function createCertificateAuthority(
  openssl: string,
  folder: string,
): Promise<CertificateAuthority> {
  await mkdir(folder, { recursive: true })
  const configuration = join(folder, 'openssl.cnf')
  await writeFile(
    configuration,
    '[req]\ndistinguished_name = name\nx509_extensions = authority\n[name]\n' +
      '[authority]\nbasicConstraints = critical, CA:true\nsubjectKeyIdentifier = hash\n',
  )
  const run = (...args: string[]) => runCommand(openssl, args, { env: { OPENSSL_CONF: configuration } })
  const files = (name: string): KeyPair => ({
    certificateFile: join(folder, `${name}.crt`),
    keyFile: join(folder, `${name}.key`),
  })
  const authority = files('ca')
  await run(
    ...['req', '-x509', ...NEW_KEY, '-days', '2', '-subj', '/CN=testbed'],
    ...['-keyout', authority.keyFile, '-out', authority.certificateFile],
  )
  let serial = 1
  return {
    certificateFile: authority.certificateFile,
    async issue(name, subject, use) {
      const pair = files(name)
      const request = join(folder, `${name}.csr`)
      const extensions = join(folder, `${name}.ext`)
      await writeFile(extensions, EXTENSIONS[use])
      await run('req', ...NEW_KEY, '-subj', subject, '-keyout', pair.keyFile, '-out', request)
      await run(
        ...[
          'x509',
          '-req',
          '-in',
          request,
          '-days',
          '2',
          '-extfile',
          extensions,
          '-set_serial',
          `${++serial}`,
        ],
        ...['-CA', authority.certificateFile, '-CAkey', authority.keyFile, '-out', pair.certificateFile],
      )
      return pair
    },
  }
}
