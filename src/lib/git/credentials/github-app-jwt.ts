import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { GitCredentialError } from './git-credential-error.ts'

/** Seconds: GitHub allows ten minutes, and takes no token that begins after its own clock. */
const LIFETIME = 9 * 60
const CLOCK_SKEW = 60

/**
 * The JSON Web Token by which an App of GitHub proves who it is, signed with RS256 (GitHub's documentation,
 * "Generating a JSON Web Token for a GitHub App").
 *
 * @param appId number or client ID
 * @param privateKey PEM, PKCS#1 as GitHub hands it out or PKCS#8
 * @param now milliseconds since the epoch
 * @throws GitCredentialError when the key is no RSA key
 */
export function gitHubAppJwt(appId: string, privateKey: string, now: number, source: string): string {
  const seconds = Math.floor(now / 1000)
  const claims = { iat: seconds - CLOCK_SKEW, exp: seconds + LIFETIME, iss: appId }
  const content = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(content), readKey(privateKey, source))
  return `${content}.${signature.toString('base64url')}`
}

function readKey(pem: string, source: string): KeyObject {
  let key: KeyObject | undefined
  try {
    key = createPrivateKey(pem)
  } catch {
    // What OpenSSL says about a broken key helps nobody, and may quote it.
  }
  if (key?.asymmetricKeyType === 'rsa') return key
  throw new GitCredentialError(
    `githubAppPrivateKey of ${source} is not a private RSA key`,
    'Put the PEM file there that GitHub offers in the settings of the App',
  )
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
