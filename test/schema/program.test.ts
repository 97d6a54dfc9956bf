import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Sandbox, startSandbox } from '../../src/lib/sandbox/sandbox.ts'
import { runProgram } from '../cli/program.ts'
import { objections, SCHEMA } from './schema.ts'

describe('what the program prints on the sandbox fits the schema', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox()
    await sandbox.settle()
  })
  afterAll(() => sandbox.close())

  const run = (...args: string[]) => runProgram(args, { KUBECONFIG: sandbox.kubeconfigPath })

  const reports: [command: string, kind: string, more: string[]][] = [
    ['version', 'Version', []],
    ['list', 'RuleList', ['--all', '-A']],
    ['check', 'CheckReport', []],
    ['update', 'UpdateReport', ['--dry-run=server']],
    ['lint', 'LintReport', ['--fix', '--dry-run=server']],
    ['explain', 'Explanation', ['shop', '--all']],
    ['doctor', 'DoctorReport', []],
    ['history', 'History', ['shop']],
  ]

  it('of every kind', () => {
    const elsewhere = ['Notification', 'TagList', 'WatchEvent']
    const kinds = (SCHEMA.oneOf as { $ref: string }[]).map(({ $ref }) => $ref.replace('#/$defs/', ''))
    expect([...reports.map(([, kind]) => kind), ...elsewhere].toSorted()).toEqual(kinds.toSorted())
  })

  it.each(reports)('%s', async (command, kind, more) => {
    const { stdout } = await run(command, ...more, '-o', 'json')
    const document = JSON.parse(stdout)
    expect(document.kind).toBe(kind)
    expect(document.items.length).toBeGreaterThan(0)
    expect(objections(document)).toBe('')
  })

  it('tags', async () => {
    const image = `${sandbox.registryHost}/shop/web`
    const { stdout } = await run('tags', image, '--all', '-o', 'json')
    const document = JSON.parse(stdout)
    expect(document.kind).toBe('TagList')
    expect(document.items.length).toBeGreaterThan(0)
    expect(objections(document)).toBe('')
  })

  it('check -o yaml says the same as -o json', async () => {
    const [json, yaml] = await Promise.all([run('check', '-o', 'json'), run('check', '-o', 'yaml')])
    expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout))
  })

  it('watch, line by line', async () => {
    const { stdout } = await run('watch', '--once', '--dry-run=client', '-o', 'json')
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.map(({ type }) => type)).toContain('applied')
    expect(events.at(-1).type).toBe('stopped')
    for (const event of events) expect(objections(event), event.type).toBe('')
  })
})
