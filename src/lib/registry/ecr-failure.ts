import { RegistryError, type RequestSubject } from './registry-error.ts'
import { transportFailure } from './transport-failure.ts'

const DENIED = new Set(['AccessDeniedException', 'AccessDenied'])
const EXPIRED = new Set(['ExpiredTokenException', 'ExpiredToken', 'RequestExpired'])
const INVALID = new Set([
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'InvalidClientTokenId',
  'IncompleteSignature',
  'MissingAuthenticationToken',
])
const THROTTLED = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'])
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError'])

/** Whether AWS says that this identity lacks the permission for the call. */
export function isAccessDenied(error: unknown): boolean {
  return DENIED.has(nameOf(error))
}

/** Whether the SDK found no usable credentials on this machine. */
export function hasNoCredentials(error: unknown): boolean {
  return NO_CREDENTIALS.has(nameOf(error))
}

/** The one clear line an error of the AWS SDK means. `identity` is `AWS profile prod` or the like. */
export function ecrFailure(
  error: unknown,
  subject: RequestSubject,
  identity: string,
  region: string,
  profile: string | undefined,
): RegistryError {
  if (error instanceof RegistryError) return error
  const name = nameOf(error)
  const text = error instanceof Error ? error.message : ''
  const login = `Run: aws sso login${profile ? ` --profile ${profile}` : ''}`
  const make = (kind: RegistryError['kind'], what: string, remedy = '') =>
    new RegistryError(kind, subject, what, { remedy, cause: error })
  if (name === 'RepositoryNotFoundException') {
    return make('not-found', 'no such repository', `Check the name, the account and the region ${region}`)
  }
  if (name === 'ImageNotFoundException') return make('not-found', 'no such tag or digest')
  if (DENIED.has(name)) {
    return make(
      'forbidden',
      `${identity} lacks the permission`,
      'Grant ecr:DescribeImages and ecr:BatchGetImage on the repository (and in its policy, for another account)',
    )
  }
  if (hasNoCredentials(error) && /sso|token/i.test(text) && /expired|invalid|refresh|login/i.test(text)) {
    return make('unauthorized', `the SSO session of ${identity} has expired`, login)
  }
  if (hasNoCredentials(error)) {
    return make(
      'unauthorized',
      profile ? `${identity} has no credentials` : `no AWS credentials found (${identity})`,
      profile ? login : `Set AWS_PROFILE, or log in. ${login}`,
    )
  }
  if (EXPIRED.has(name)) return make('unauthorized', `the AWS credentials (${identity}) have expired`, login)
  if (INVALID.has(name))
    return make('unauthorized', `AWS does not accept the credentials (${identity}: ${name})`, login)
  if (THROTTLED.has(name)) return make('rate-limited', 'AWS limits the request rate', 'Poll less often')
  if (name === 'TimeoutError') return make('timeout', `ECR in ${region} did not answer in time`)
  if (isService(error)) return make('malformed', `ECR answers ${name}`)
  const failure = transportFailure(error, subject, `ECR in ${region}`)
  return failure.kind === 'unreachable'
    ? make(
        'unreachable',
        `ECR in ${region} cannot be reached`,
        'Check the region in the host, DNS, VPN and proxy',
      )
    : failure
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

/** Whether the error is an answer of the service, not a failure on the way. */
function isService(error: unknown): boolean {
  return error instanceof Error && '$fault' in error
}
