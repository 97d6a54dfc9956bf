import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A private key and the certificate that goes with it, both PEM. */
export interface Certificate {
  readonly key: string
  readonly certificate: string
}

const ONE_DAY = 86_400_000

/**
 * Makes a self-signed certificate for 127.0.0.1 and localhost (P-256, one year, its own authority): kubectl
 * sends a bearer token over TLS only. Written out in DER because Node makes keys but no certificates.
 */
export function selfSignedCertificate(now = new Date()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
  const commonName = sequence(
    set(sequence(objectId('550403'), tagged(0x0c, Buffer.from('kubectl-image-updater sandbox')))),
  )
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ecdsaWithSha256,
    commonName,
    sequence(utcTime(new Date(now.getTime() - ONE_DAY)), utcTime(new Date(now.getTime() + 365 * ONE_DAY))),
    commonName,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      0xa3,
      sequence(
        extension('551d13', sequence(tagged(0x01, Buffer.from([0xff])))), // basicConstraints: an authority
        extension('551d25', sequence(objectId('2b06010505070301'))), // extendedKeyUsage: serverAuth
        extension(
          '551d11', // subjectAltName
          sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.from([127, 0, 0, 1]))),
        ),
      ),
    ),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(
    body,
    ecdsaWithSha256,
    tagged(0x03, Buffer.concat([Buffer.from([0]), signature])),
  )
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem(certificate),
  }
}

function tagged(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const length = content.length
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...contents: Buffer[]): Buffer => tagged(0x30, ...contents)
const set = (...contents: Buffer[]): Buffer => tagged(0x31, ...contents)
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes)
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))
const extension = (hex: string, value: Buffer): Buffer => sequence(objectId(hex), tagged(0x04, value))

function utcTime(time: Date): Buffer {
  return tagged(0x17, Buffer.from(`${time.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
