import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import {
  BatchGetImageCommand,
  type BatchGetImageCommandOutput,
  DescribeImagesCommand,
  type DescribeImagesCommandOutput,
  ECRClient,
  GetAuthorizationTokenCommand,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr'
import { proxyVariables } from './aws-proxy.ts'
import type { EcrHost } from './ecr-host.ts'
import { MANIFEST_MEDIA_TYPES } from './media-type.ts'

/** The few calls of the ECR API that are used here. Errors are the SDK's own. */
export interface EcrApi {
  describeImages(request: EcrImagesRequest): Promise<DescribeImagesCommandOutput>
  batchGetImage(request: EcrRepository & { imageIds: ImageIdentifier[] }): Promise<BatchGetImageCommandOutput>
  /** `user:password` in base64, or undefined when AWS gave none. */
  authorizationToken(account: string): Promise<string | undefined>
  close(): void
}

interface EcrRepository {
  readonly registryId: string | undefined
  readonly repositoryName: string
}

/** One page of tagged images, or the images named. */
interface EcrImagesRequest extends EcrRepository {
  readonly imageIds?: ImageIdentifier[]
  readonly nextToken?: string
}

export interface EcrClientOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  /** Told of every request on the wire, retries included, by host. */
  readonly onRequest: (host: string) => void
  /** Told the HTTP status of every answer, by host; 0 where none came. */
  readonly onResult?: ((host: string, status: number) => void) | undefined
}

const PAGE_SIZE = 1000

/** An error of the SDK, which says whether there was an answer. */
interface AnsweredError {
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/**
 * The ECR API of one host's region, with the SDK's default credential chain (environment, SSO, profile,
 * process, web identity, container, instance) and its endpoint settings (AWS_ENDPOINT_URL_ECR). The SDK
 * itself ignores HTTPS_PROXY; the agents given here honour it.
 */
export function openEcrClient(host: EcrHost, options: EcrClientOptions): EcrApi {
  const agent = { keepAlive: true, maxSockets: 10, proxyEnv: proxyVariables(options.env) }
  const client = new ECRClient({
    region: host.region,
    useFipsEndpoint: host.fips,
    useDualstackEndpoint: host.dualStack,
    retryMode: 'adaptive',
    maxAttempts: 4,
    customUserAgent: options.userAgent,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    },
  })
  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { hostname: string; port?: number }
      const host = request.port ? `${request.hostname}:${request.port}` : request.hostname
      options.onRequest(host)
      try {
        const result = await next(args)
        options.onResult?.(host, (result.response as { statusCode?: number }).statusCode ?? 0)
        return result
      } catch (error) {
        options.onResult?.(host, (error as AnsweredError).$metadata?.httpStatusCode ?? 0)
        throw error
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'countRequests' },
  )
  return {
    describeImages: (request) =>
      client.send(
        new DescribeImagesCommand({
          ...request,
          ...(request.imageIds ? {} : { maxResults: PAGE_SIZE, filter: { tagStatus: 'TAGGED' as const } }),
        }),
      ),
    batchGetImage: (request) =>
      client.send(new BatchGetImageCommand({ ...request, acceptedMediaTypes: [...MANIFEST_MEDIA_TYPES] })),
    async authorizationToken(account) {
      const answer = await client.send(new GetAuthorizationTokenCommand({ registryIds: [account] }))
      return answer.authorizationData?.[0]?.authorizationToken
    },
    close: () => client.destroy(),
  }
}
