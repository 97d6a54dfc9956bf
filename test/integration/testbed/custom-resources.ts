import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import type { AdminApi } from './kubernetes-api.ts'

const MINIMAL = fileURLToPath(new URL('crds', import.meta.url))
const COLLECTION = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

interface Definition {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

/**
 * Installs every CustomResourceDefinition in the YAML files of `folder` (the projects' full ones, with their
 * schemas) and, for those it lacks, the minimal ones in crds/ that accept any field; waits until they serve.
 */
export async function installCustomResources(api: AdminApi, folder: string | undefined): Promise<void> {
  const definitions = new Map<string, Definition>()
  for (const source of folder ? [MINIMAL, folder] : [MINIMAL]) {
    for (const definition of await readDefinitions(source))
      definitions.set(definition.metadata.name, definition)
  }
  await Promise.all([...definitions.values()].map((definition) => install(api, definition)))
}

async function readDefinitions(folder: string): Promise<Definition[]> {
  const files = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file))
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document) => document.toJS() as Definition | null)
    .filter((object): object is Definition => object?.kind === 'CustomResourceDefinition')
}

async function install(api: AdminApi, definition: Definition): Promise<void> {
  const { name } = definition.metadata
  const created = await api.send('POST', COLLECTION, definition)
  if (created.status !== 201) throw new Error(`cannot install ${name}: ${JSON.stringify(created.body)}`)
  for (;;) {
    const { status } = (await api.send('GET', `${COLLECTION}/${name}`)).body as Definition
    if (status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) return
    await delay(25)
  }
}
