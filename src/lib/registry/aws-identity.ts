import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { proxyVariables } from './aws-proxy.ts'
import { ecrFailure } from './ecr-failure.ts'

/** Who AWS says is asking. */
export interface AwsIdentity {
  readonly account: string
  /** `arn:aws:sts::123456789012:assumed-role/Deploy/alice` */
  readonly arn: string
}

export interface AwsIdentityOptions {
  readonly region: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  /** Told of every request on the wire, by host. */
  readonly onRequest: (host: string) => void
  /** Told the headers (names in lower case) of every answer, by host. */
  readonly onAnswer: (host: string, headers: Readonly<Record<string, string>>) => void
}

/**
 * Asks STS who the credentials of the SDK's default chain belong to, which needs no permission at all.
 *
 * @param signal ends the request
 * @throws RegistryError in the words in which those of ECR are told; an expired SSO session says how to log in
 */
export async function awsIdentity(options: AwsIdentityOptions, signal?: AbortSignal): Promise<AwsIdentity> {
  const agent = { proxyEnv: proxyVariables(options.env) }
  const client = new STSClient({
    region: options.region,
    maxAttempts: 2,
    customUserAgent: options.userAgent,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    },
  })
  client.middlewareStack.add(
    (next) => async (args) => {
      const { hostname, port } = args.request as { hostname: string; port?: number }
      const host = port ? `${hostname}:${port}` : hostname
      options.onRequest(host)
      const answer = await next(args)
      options.onAnswer(host, (answer.response as { headers?: Record<string, string> }).headers ?? {})
      return answer
    },
    { step: 'deserialize', priority: 'low', name: 'noteAnswers' },
  )
  const profile = options.env['AWS_PROFILE'] || undefined
  const identity = profile ? `AWS profile ${profile}` : 'AWS default chain'
  try {
    const { Account = '', Arn = '' } = await client.send(
      new GetCallerIdentityCommand({}),
      signal ? { abortSignal: signal } : {},
    )
    return { account: Account, arn: Arn }
  } catch (error) {
    const subject = { registry: 'AWS STS', repository: '', action: 'ask who you are' }
    throw ecrFailure(error, subject, identity, options.region, profile)
  } finally {
    client.destroy()
  }
}
