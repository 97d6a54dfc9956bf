import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseOutputFormat, renderAnswer } from '../../src/lib/terminal/output.ts'
import { REQUIRED } from '../e2e/world/requirement.ts'

/** `kubectl config view` prints a document without a cluster, in each of kubectl's formats. */
const present = spawnSync('kubectl', ['version', '--client']).status === 0

it(
  present ? 'kubectl is there to compare with' : 'kubectl is not on PATH: agreement with it was not tested',
  () => {
    expect(present || !REQUIRED, 'kubectl is required on PATH').toBe(true)
  },
)

describe.runIf(present)('-o prints what kubectl prints', () => {
  let folder: string
  let kubeconfig: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agreement-'))
    kubeconfig = join(folder, 'config')
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: ['c', 'e'].map((name) => ({ name, cluster: { server: `https://${name}` } })),
      contexts: [{ name: 'x', context: { cluster: 'c', namespace: 'q', user: 'u' } }],
      'current-context': 'x',
      users: [{ name: 'u', user: { username: 'jane' } }],
    }
    await writeFile(kubeconfig, JSON.stringify(config))
    await writeFile(join(folder, 'template'), '{{len .clusters}} clusters')
    await writeFile(join(folder, 'path'), '{.clusters[*].name}')
  })
  afterAll(() => rm(folder, { recursive: true }))

  const view = (format: string, ...more: string[]) =>
    execFileSync('kubectl', ['config', 'view', `--kubeconfig=${kubeconfig}`, '-o', format, ...more], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  it.each([
    'jsonpath={.clusters[*].name}',
    'jsonpath={.nothing}',
    'jsonpath={.clusters[0].name}{"\\n"}{.kind}',
    'jsonpath={range .clusters[*]}{.name}={.cluster.server}{"\\n"}{end}',
    'jsonpath={.clusters[?(@.name=="e")].cluster.server}',
    'jsonpath={.clusters[-1].name}',
    'jsonpath-as-json={.clusters[*].name}',
    'jsonpath-as-json={.nothing}',
    'jsonpath-file=path',
    'go-template={{.kind}} {{.nothing}}',
    'go-template={{.nothing.more}}',
    'go-template={{range .clusters}}{{.name}}={{.cluster.server}};{{end}}',
    'go-template={{range $key, $value := .}}{{$key}},{{end}}',
    'go-template={{index .clusters 0}}',
    'go-template={{.preferences}} {{len .clusters}}',
    'go-template={{.users}}',
    'go-template={{index . "current-context"}} {{index . "nope"}}',
    'go-template={{if .nothing}}a{{else}}b{{end}}',
    'go-template={{with .contexts}}{{(index . 0).context.namespace}}{{end}}',
    'go-template-file=template',
  ])('%s', async (format) => {
    const placed = format.replace(/-file=/, `-file=${folder}/`)
    const document = JSON.parse(view('json'))
    const ours = renderAnswer(
      { columns: [], document, name: () => '', rows: [] },
      await parseOutputFormat(placed),
    )
    // What kubectl ends without a line feed gets one here, so that a prompt does not stick to it.
    expect(ours.trimEnd()).toBe(view(placed).trimEnd())
  })

  it('jsonpath={.contexts}: the same JSON, whose keys kubectl sorts', async () => {
    const format = 'jsonpath={.contexts}'
    const document = JSON.parse(view('json'))
    const ours = renderAnswer(
      { columns: [], document, name: () => '', rows: [] },
      await parseOutputFormat(format),
    )
    expect(JSON.parse(ours)).toEqual(JSON.parse(view(format)))
  })

  it.each(['go-template={{.a', 'go-template={{.kind.z}}', 'go-template', 'jsonpath={.a', 'jsn'])(
    '%s is an error for both',
    async (format) => {
      expect(() => view(format)).toThrow()
      const document = JSON.parse(view('json'))
      const ours = parseOutputFormat(format).then((parsed) =>
        renderAnswer({ columns: [], document, name: () => '', rows: [] }, parsed),
      )
      await expect(ours).rejects.toThrow()
    },
  )

  it.each([
    ['go-template={{.nothing}}', 'error'],
    ['go-template={{index . "nothing"}}', '<no value>'],
    ['go-template={{.kind}}', 'Config'],
    ['jsonpath={.nothing}', 'error'],
    ['jsonpath={.clusters[*].nothing}', 'error'],
    ['jsonpath={.clusters[?(@.name=="z")].name}', ''],
    ['jsonpath={.clusters[7].name}', 'error'],
    ['jsonpath={.clusters[?(@.name=="z")]}', ''],
    ['jsonpath-as-json={.nothing}', 'error'],
  ])('%s with --allow-missing-template-keys=false', async (format, text) => {
    const document = JSON.parse(view('json'))
    const answer = { columns: [], document, name: () => '', rows: [] }
    const ours = async () => renderAnswer(answer, await parseOutputFormat(format, false)).trimEnd()
    const theirs = () => view(format, '--allow-missing-template-keys=false').trimEnd()
    if (text === 'error') {
      expect(theirs).toThrow()
      await expect(ours()).rejects.toThrow()
    } else {
      expect(theirs()).toBe(text)
      expect(await ours()).toBe(text)
    }
  })
})
