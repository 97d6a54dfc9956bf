import type { Schema } from './schema.ts'

const string: Schema = { type: 'string' }
const boolean: Schema = { type: 'boolean' }
const integer: Schema = { type: 'integer' }
const strings: Schema = { type: 'array', items: string }
const stringMap: Schema = { type: 'object', additionalProperties: string }
const object = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
})
const listOf = (items: Schema): Schema => ({ type: 'array', items })

const source = object(
  {
    repoURL: string,
    path: string,
    chart: string,
    ref: string,
    name: string,
    targetRevision: string,
    directory: object({ recurse: boolean, include: string, exclude: string }),
    helm: object({
      parameters: listOf(object({ name: string, value: string, forceString: boolean })),
      valueFiles: strings,
      values: string,
      releaseName: string,
      fileParameters: listOf(object({ name: string, path: string })),
    }),
    kustomize: object({
      images: strings,
      namePrefix: string,
      nameSuffix: string,
      namespace: string,
      commonLabels: stringMap,
      commonAnnotations: stringMap,
    }),
    plugin: object({
      name: string,
      env: listOf(object({ name: string, value: string }, ['name', 'value'])),
    }),
  },
  ['repoURL'],
)

/**
 * The skeleton of Argo CD's Application CRD: the fields that an image updater reads or writes, with their
 * types, and those the CRD requires. Unlike the real CRD, fields it does not know are kept, not pruned.
 */
export const APPLICATION: Schema = object(
  {
    metadata: { type: 'object' },
    spec: object(
      {
        project: string,
        source,
        sources: listOf(source),
        destination: object({ server: string, name: string, namespace: string }),
        syncPolicy: object({
          automated: object({ prune: boolean, selfHeal: boolean }),
          syncOptions: strings,
        }),
        revisionHistoryLimit: integer,
        ignoreDifferences: listOf({ type: 'object' }),
        info: listOf({ type: 'object' }),
      },
      ['destination', 'project'],
    ),
    operation: { type: 'object' },
    status: object({
      sourceType: string,
      sourceTypes: strings,
      reconciledAt: string,
      sync: object({ status: string, revision: string, revisions: strings }, ['status']),
      health: object({ status: string, message: string }),
      summary: object({ images: strings, externalURLs: strings }),
      resources: listOf({ type: 'object' }),
      history: listOf(object({ id: integer, deployedAt: string }, ['deployedAt', 'id'])),
      conditions: listOf(object({ message: string, type: string }, ['message', 'type'])),
    }),
  },
  ['metadata', 'spec'],
)

/** Argo CD's AppProject, as far as the sandbox holds it. */
export const APP_PROJECT: Schema = object(
  {
    metadata: { type: 'object' },
    spec: object({
      description: string,
      sourceRepos: strings,
      destinations: listOf({ type: 'object' }),
      syncWindows: listOf(object({ kind: string, schedule: string, duration: string, timeZone: string })),
    }),
  },
  ['metadata', 'spec'],
)

/** Argo Rollouts' Rollout: its schema leaves nearly everything to the controller. */
export const ROLLOUT: Schema = object({ spec: object({ replicas: integer, template: { type: 'object' } }) })

const commonUpdateSettings = object({
  updateStrategy: string,
  forceUpdate: boolean,
  allowTags: string,
  ignoreTags: strings,
  pullSecret: string,
  platforms: strings,
})
const writeBackConfig = object({
  method: string,
  gitConfig: object({
    repository: string,
    branch: string,
    writeBackTarget: string,
    pullRequest: object({ github: { type: 'object' }, gitlab: { type: 'object' }, labels: strings }),
  }),
})
const imagesVerification = object({
  enabled: boolean,
  cosignKey: object({ secretName: string, key: string }, ['key', 'secretName']),
})
const names = object({ name: string, tag: string, spec: string })

/** argocd-image-updater's ImageUpdater, without the rules that its CRD states in CEL. */
export const IMAGE_UPDATER: Schema = object({
  spec: object(
    {
      commonUpdateSettings,
      writeBackConfig,
      imagesVerification,
      applicationRefs: listOf(
        object(
          {
            namePattern: string,
            labelSelectors: object({
              matchLabels: stringMap,
              matchExpressions: listOf(
                object({ key: string, operator: string, values: strings }, ['key', 'operator']),
              ),
            }),
            useAnnotations: boolean,
            commonUpdateSettings,
            writeBackConfig,
            imagesVerification,
            images: listOf(
              object(
                {
                  alias: string,
                  imageName: string,
                  commonUpdateSettings,
                  imagesVerification,
                  manifestTargets: object({
                    helm: names,
                    kustomize: object({ name: string }, ['name']),
                    plugin: names,
                  }),
                },
                ['alias', 'imageName'],
              ),
            ),
          },
          ['namePattern'],
        ),
      ),
    },
    ['applicationRefs'],
  ),
})
