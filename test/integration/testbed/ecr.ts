import { join } from 'node:path'
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr'
import { request } from 'undici'
import {
  type BuiltImage,
  buildImage,
  type Content,
  type ImageOptions,
} from '../../../src/lib/sandbox/registry/image-builder.ts'
import type { EcrAddress } from './addresses.ts'
import type { Components } from './components.ts'
import { freePort } from './free-port.ts'
import { startServer } from './server-process.ts'
import type { Started } from './started.ts'

/** moto's own account, whoever asks. */
const ACCOUNT = '123456789012'
const REGION = 'us-east-1'

/**
 * Starts moto's ECR emulator, empty. It has no `/v2/` side, does not page and checks no credentials.
 * @param folder an existing folder for its log
 */
export async function startEcr(components: Components, folder: string): Promise<Started<EcrAddress>> {
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const server = await startServer({
    name: 'moto (ECR emulator)',
    command: [...components.moto.command, '-H', '127.0.0.1', '-p', String(port)],
    env: components.moto.env,
    logFile: join(folder, 'moto.log'),
    ready: async () => {
      const { statusCode, body } = await request(`${endpoint}/moto-api/data.json`)
      await body.dump()
      return statusCode === 200
    },
  })
  const env = {
    AWS_ENDPOINT_URL_ECR: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const host = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`
  return {
    address: { endpoint, region: REGION, accountId: ACCOUNT, host, env },
    stop: () => server.stop(),
  }
}

/** The AWS SDK's own client on the emulator: to prepare and to check. */
export function openEcr(address: EcrAddress): ECRClient {
  return new ECRClient({
    endpoint: address.endpoint,
    region: address.region,
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  })
}

export async function createEcrRepository(client: ECRClient, repository: string): Promise<void> {
  await client.send(new CreateRepositoryCommand({ repositoryName: repository }))
}

/** Puts a tiny image under every one of `tags`; ECR keeps manifests only, moto asks for no blobs. */
export async function putEcrImage(
  client: ECRClient,
  repository: string,
  tags: readonly string[],
  options: ImageOptions = {},
): Promise<BuiltImage> {
  const image = buildImage(options)
  const put = (manifest: Content, tag?: string) =>
    client.send(
      new PutImageCommand({
        repositoryName: repository,
        imageManifest: manifest.bytes.toString(),
        imageManifestMediaType: manifest.mediaType,
        // Without it moto makes a digest up; the real service only checks it.
        imageDigest: manifest.digest,
        ...(tag !== undefined && { imageTag: tag }),
      }),
    )
  if (image.manifests.length > 1) for (const manifest of image.manifests) await put(manifest)
  // Untagged first: moto loses a new image that comes with a tag another image has; ECR itself moves the tag.
  await put(image.root)
  for (const tag of tags) await put(image.root, tag)
  return image
}
