import type { KubernetesObject } from '../application/kubernetes-object.ts'

/** Finds the first field that is not of the type it must have; undefined when all is well. */
type Check = (value: unknown, at: string) => string | undefined

/**
 * What is wrong with an Application's shape, in words; undefined when it can be treated as one. Only what
 * this program reads is looked at: with Argo CD's own schema in place none of this can happen, but a
 * cluster may have another.
 */
export function applicationFault(object: KubernetesObject): string | undefined {
  return isApplication(object, '')
}

/** Only the types of fields that the `Application` type promises; every one may be absent but metadata and spec. */
const text: Check = (value, at) => (typeof value === 'string' ? undefined : `${at} is not text`)
const strings = listOf(text)
const source = fields({
  repoURL: text,
  path: text,
  chart: text,
  ref: text,
  name: text,
  targetRevision: text,
  helm: fields({ parameters: listOf(fields({ name: text, value: text })) }),
  kustomize: fields({ images: strings }),
  plugin: fields({ env: listOf(fields({ name: text, value: text })) }),
})
const isApplication = fields(
  {
    metadata: fields(
      {
        name: text,
        namespace: text,
        annotations: textMap,
        labels: textMap,
        ownerReferences: listOf(fields({ kind: text, name: text }, ['kind', 'name'])),
      },
      ['name'],
    ),
    spec: fields({
      source,
      sources: listOf(source),
      sourceHydrator: fields({ drySource: source }),
      destination: fields({ server: text, name: text, namespace: text }),
    }),
    status: fields({
      sourceType: text,
      sourceTypes: strings,
      summary: fields({ images: strings }),
      sync: fields({ status: text }),
      health: fields({ status: text }),
      resources: listOf(
        fields({ group: text, version: text, kind: text, namespace: text, name: text }, ['kind', 'name']),
      ),
    }),
  },
  ['metadata', 'spec'],
)

function textMap(value: unknown, at: string): string | undefined {
  return fields(Object.fromEntries(Object.keys(Object(value)).map((key) => [key, text])))(value, at)
}

function listOf(item: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} is not a list`
    for (const [index, element] of value.entries()) {
      const fault = item(element, `${at}[${index}]`)
      if (fault !== undefined) return fault
    }
    return undefined
  }
}

function fields(checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} is not an object`
    const object = value as Readonly<Record<string, unknown>>
    for (const [name, check] of Object.entries(checks)) {
      const path = at === '' ? name : `${at}.${name}`
      const absent = object[name] === undefined
      const fault = absent ? undefined : check(object[name], path)
      if (fault !== undefined) return fault
      if (absent && required.includes(name)) return `${path} is missing`
    }
    return undefined
  }
}
