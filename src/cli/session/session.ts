import { homedir } from 'node:os'
import { amount } from '../../lib/amount.ts'
import type { Application } from '../../lib/application/application.ts'
import type { Author, ChangeWay } from '../../lib/application/change-record.ts'
import type { ClusterTarget, DryRun } from '../../lib/cluster/client.ts'
import type { ConnectionFlags } from '../../lib/cluster/connection-flags.ts'
import { checkImages, type Permissions } from '../../lib/engine/check.ts'
import { type CheckedImage, sortRows } from '../../lib/engine/checked-image.ts'
import type { EngineContext } from '../../lib/engine/context.ts'
import { digitsOnlyWarnings } from '../../lib/engine/digits-only.ts'
import { loadManagedImages } from '../../lib/engine/load.ts'
import type { ManagedImages } from '../../lib/engine/managed-image.ts'
import { type ContextOptions, openContext, type RequestObserver } from '../../lib/engine/open-context.ts'
import { openFiles } from '../../lib/engine/open-files.ts'
import { rivalWarnings } from '../../lib/engine/rivals.ts'
import { shellWord } from '../../lib/engine/shell-word.ts'
import { UserError } from '../../lib/errors.ts'
import type { AutoMerge } from '../../lib/pull-requests/pull-request.ts'
import type { ImageUpdater } from '../../lib/rules/image-updater/image-updater.ts'
import { parsePullRequestService } from '../../lib/rules/pull-request-service.ts'
import { checkedImageDocument, imageName } from '../../lib/terminal/checked-images.ts'
import { type ColourMode, chooseColour, type Paint } from '../../lib/terminal/colour.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { type OutputFormat, parseOutputFormat } from '../../lib/terminal/output.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import { problemTexts } from '../../lib/terminal/rule-problems.ts'
import { outputsAreOne } from '../../lib/terminal/same-place.ts'
import type { Column } from '../../lib/terminal/table.ts'
import { durationFlag } from '../flags/duration.ts'
import { manifestSources } from '../flags/files.ts'
import { CREDENTIAL_TIMEOUT } from '../flags/shared.ts'
import { VERSION } from '../version.ts'
import { type CommitSigning, commitSettings } from './commit-settings.ts'
import { operatorName } from './operator-name.ts'
import { serviceTokens } from './service-tokens.ts'

/** The flags every command that reads a cluster has. */
export type SessionFlags = ConnectionFlags & {
  readonly output?: string | undefined
  readonly 'allow-missing-template-keys'?: boolean | undefined
  readonly color: ColourMode
  readonly selector?: string | undefined
  readonly 'field-selector'?: string | undefined
  readonly 'plain-http-registry'?: readonly string[] | undefined
  readonly 'allow-registry'?: readonly string[] | undefined
  readonly 'trust-token-server'?: readonly string[] | undefined
  readonly 'registries-conf'?: string | undefined
  readonly 'allow-cross-namespace-secrets'?: boolean | undefined
  readonly 'credential-timeout'?: string | undefined
  readonly 'workload-context'?: string | undefined
  readonly 'max-concurrency'?: number | undefined
  readonly filename?: readonly string[] | undefined
  readonly recursive?: boolean | undefined
  readonly 'dry-run'?: string | undefined
  readonly fix?: boolean | undefined
  readonly 'git-credentials'?: 'argocd' | 'local' | undefined
  readonly 'allow-git-host'?: readonly string[] | undefined
  readonly 'commit-template'?: string | undefined
  readonly 'commit-author'?: string | undefined
  readonly 'commit-sign-off'?: boolean | undefined
  readonly 'commit-signing'?: CommitSigning | undefined
  readonly 'commit-signing-key'?: string | undefined
  readonly 'commit-per-application'?: boolean | undefined
  readonly 'pull-request'?: string | undefined
  readonly 'pull-request-label'?: readonly string[] | undefined
  readonly 'pull-request-reviewer'?: readonly string[] | undefined
  readonly 'pull-request-draft'?: boolean | undefined
  readonly 'pull-request-auto-merge'?: AutoMerge | undefined
  readonly 'pull-request-token-env'?: readonly string[] | undefined
  readonly v: number
  /** Why credential plugins must not read standard input just now; '' when they may. */
  readonly stdinTaken?: () => string
  /** Who counts requests. */
  readonly requests?: RequestObserver | undefined
}

/** What `check` found: the rows, and how long that took. */
export interface CheckReport {
  readonly rows: readonly CheckedImage[]
  readonly imageUpdaters: readonly ImageUpdater[]
  readonly seconds: number
}

const CONCURRENCY = 10
/** Decisions by which something newer is there and is not written. */
const KEPT: ReadonlySet<string> = new Set(['blocked', 'held', 'waiting'])

/** A cluster and the registries, opened for one command, and where its words go. */
export class Session {
  readonly engine: EngineContext
  readonly format: OutputFormat
  /** For stdout. */
  readonly paint: Paint
  /** For stderr, which may be a file where stdout is a terminal. */
  readonly paintNotes: Paint
  /** Whether a person reads the answer, rather than a program. */
  readonly forPeople: boolean
  /** Named Applications that are not there or cannot be read: told once, and the command ends with an error. */
  readonly problems: UserError[] = []
  readonly #flags: SessionFlags

  constructor(engine: EngineContext, format: OutputFormat, flags: SessionFlags) {
    this.engine = engine
    this.format = format
    this.paint = chooseColour(flags.color, process.stdout, process.env)
    this.paintNotes = chooseColour(flags.color, process.stderr, process.env)
    this.forPeople = this.format.kind === 'table' || this.format.kind === 'wide'
    this.#flags = flags
  }

  get target(): Pick<ClusterTarget, 'context' | 'namespace'> {
    return this.engine.applications.target
  }

  get severalNamespaces(): boolean {
    return this.engine.applications.severalNamespaces
  }

  /** Where the answer comes from: `Context prod-eu · namespace argocd`. */
  get place(): string {
    return this.engine.applications.description
  }

  /** Columns of the terminal; Infinity where the answer goes to a file or a program. */
  get width(): number {
    return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY
  }

  /** What leads a command that is suggested to the same Application: ` --namespace argocd --context prod`. */
  connectionWords(application: Application): string {
    const { kubeconfig, context, namespace } = this.#flags
    const where = this.#flags['all-namespaces'] ? application.metadata.namespace : namespace
    const flags = Object.entries({ kubeconfig, context, namespace: where })
    return (
      this.engine.applications.flags +
      flags.map(([flag, value]) => (value ? ` --${flag} ${shellWord(value)}` : '')).join('')
    )
  }

  /** Who acts here, as colleagues know them. */
  get operator(): string {
    return operatorName(this.#flags.as)
  }

  /** For an Application's record of changes; undefined for files, whose record is their own history. */
  author(how: ChangeWay, reason = ''): Author | undefined {
    if (this.engine.cluster === undefined) return undefined
    return { by: this.operator, how, reason }
  }

  /** Tells what keeps something from being looked at, once; the command ends with an error. */
  problem(problem: UserError): void {
    if (this.problems.some(({ message }) => message === problem.message)) return
    this.problems.push(problem)
    this.note(errorLine(problem))
  }

  /** Reads the selected Applications and their rules. */
  async load(names: readonly string[]): Promise<ManagedImages> {
    const { problems, ...managed } = await loadManagedImages(this.engine, {
      fieldSelector: this.#flags['field-selector'],
      names,
      selector: this.#flags.selector,
    })
    for (const problem of problems) this.problem(problem)
    return managed
  }

  /** Rules → scan → decide, with progress on a terminal. */
  async check(names: readonly string[], options: Permissions = {}): Promise<CheckReport> {
    const started = performance.now()
    const managed = await this.load(names)
    for (const warning of problemTexts(managed.warnings)) warn(warning)
    const decided = await withProgress('Asking the registries', (report) =>
      checkImages(this.engine, managed.images, {
        ...options,
        onProgress: (done, all) => report(`${done}/${all} images`),
      }),
    )
    for (const warning of problemTexts(digitsOnlyWarnings(decided))) warn(warning)
    for (const warning of this.engine.applications.warnings) warn(warning)
    return {
      imageUpdaters: managed.imageUpdaters ?? [],
      rows: sortRows([...decided, ...managed.faulty]),
      seconds: (performance.now() - started) / 1000,
    }
  }

  /** Who else acts on the rules of what is about to be written, before anybody says yes. */
  async tellRivals(
    updates: readonly CheckedImage[],
    { imageUpdaters }: Pick<CheckReport, 'imageUpdaters'>,
  ): Promise<void> {
    const applications = [...new Set(updates.map(({ application }) => application))]
    for (const line of await rivalWarnings(this.engine, applications, imageUpdaters)) warn(line)
  }

  /** The line above a table: where it looked and what that took. */
  header({ rows, seconds }: CheckReport): void {
    if (!this.forPeople || rows.length === 0) return
    const applications = new Set(rows.map(({ application }) => application))
    const repositories = new Set(rows.map(({ image }) => image).filter((image) => image !== ''))
    const requests = [...this.engine.registry.requests.values()].reduce((sum, count) => sum + count, 0)
    const looked = [
      amount(applications.size, 'application'),
      amount(rows.length, 'image'),
      amount(repositories.size, 'repository', 'repositories'),
    ].join(', ')
    const cost = `${amount(requests, 'registry request')} in ${seconds.toFixed(1)}s`
    this.heading(`${this.place} · ${looked} · ${cost}`)
  }

  /** A line above a table, for people only. */
  heading(text: string): void {
    if (this.forPeople) this.note(`${printable(text)}${outputsAreOne() ? '\n' : ''}`)
  }

  /** What keeps single images from being looked at, one line each. */
  failures(rows: readonly CheckedImage[]): void {
    for (const row of rows) {
      if (row.state !== 'failed') continue
      const { name } = row.application.metadata
      this.note(errorLine(new UserError(`${name} ${imageName(row)}: ${row.error.message}`, row.error.remedy)))
    }
  }

  /** What is newer and may or can not be written, one line each, so that nobody takes silence for done. */
  blocked(rows: readonly CheckedImage[]): void {
    for (const row of rows) {
      if (!this.forPeople || row.state === 'failed' || !KEPT.has(row.decision.kind)) continue
      warn(`${row.application.metadata.name} ${imageName(row)} not updated: ${row.decision.reason}`)
    }
  }

  /** A line below a table, for people only. */
  footer(text: string): void {
    if (this.forPeople) this.note(`${outputsAreOne() ? '\n' : ''}${printable(text)}`)
  }

  /** A line where there is nothing to show, for people only. */
  remark(text: string): void {
    if (this.forPeople) this.note(printable(text))
  }

  /** Where what people read goes: standard output, unless that takes the edited text of standard input. */
  get out(): NodeJS.WriteStream {
    return this.engine.applications.editedInput === undefined ? process.stdout : process.stderr
  }

  /** Whether a person is to be asked before a write: not where nothing but standard output gets the result. */
  asks({ dryRun, yes }: { readonly dryRun: DryRun; readonly yes: boolean }): boolean {
    return dryRun === 'none' && !yes && this.engine.applications.editedInput === undefined
  }

  /** With `-f -`: the text, with what was written to it. */
  printEditedInput(): void {
    process.stdout.write(this.engine.applications.editedInput ?? '')
  }

  /** The file and line of an Application, for documents; nothing in a cluster. */
  fileOf(application: Application): { readonly file?: string; readonly line?: number } {
    return this.engine.applications.fileOf(application) ?? {}
  }

  /** One image as the documented JSON item, with its file where it is in one. */
  readonly documentOf = (row: CheckedImage): Record<string, unknown> => ({
    ...checkedImageDocument(row),
    ...this.fileOf(row.application),
  })

  /** The columns of a table, with the file first where the Applications are in files. */
  withFile<Row extends { readonly application: Application }>(columns: Column<Row>[]): Column<Row>[] {
    if (this.engine.applications.target.context !== '') return columns
    return [{ header: 'FILE', value: ({ application }) => this.fileOf(application).file ?? '' }, ...columns]
  }

  /** A line on stderr, which is not data. */
  note(line: string): void {
    process.stderr.write(`${line}\n`)
  }

  async close(): Promise<void> {
    await this.engine.close()
  }
}

/** Opens the cluster the flags name, and the registries its operator allows. */
export async function openSession(flags: SessionFlags): Promise<Session> {
  const format = await parseOutputFormat(flags.output, flags['allow-missing-template-keys'])
  const sources = manifestSources(flags)
  const options = contextOptions(flags)
  const engine = sources ? await openFiles(options, sources) : await openContext(options)
  return new Session(engine, format, flags)
}

/** What the flags say of cluster and registries. @throws DurationFlagError */
export function contextOptions(flags: SessionFlags): ContextOptions {
  return {
    allowCrossNamespaceSecrets: flags['allow-cross-namespace-secrets'] ?? false,
    allowedHosts: flags['allow-registry'] ?? [],
    trustedRealms: flags['trust-token-server'] ?? [],
    concurrency: flags['max-concurrency'] ?? CONCURRENCY,
    connection: flags,
    credentialTimeout: durationFlag(
      '--credential-timeout',
      flags['credential-timeout'] ?? CREDENTIAL_TIMEOUT,
    ),
    env: process.env,
    git: {
      allowedHosts: flags['allow-git-host'] ?? [],
      credentials: flags['git-credentials'] ?? 'argocd',
      messageFile: flags['commit-template'] ?? '',
      requests: {
        autoMerge: flags['pull-request-auto-merge'] ?? 'off',
        draft: flags['pull-request-draft'] ?? false,
        labels: flags['pull-request-label'] ?? [],
        reviewers: flags['pull-request-reviewer'] ?? [],
        tokens: serviceTokens(flags['pull-request-token-env'] ?? [], process.env),
      },
      commit: commitSettings({
        author: flags['commit-author'],
        key: flags['commit-signing-key'],
        signOff: flags['commit-sign-off'],
        signing: flags['commit-signing'],
      }),
      perApplication: flags['commit-per-application'] ?? false,
      pullRequest: flags['pull-request'] ? parsePullRequestService(flags['pull-request']) : undefined,
    },
    home: homedir(),
    plainHttpHosts: flags['plain-http-registry'] ?? [],
    registriesConf: flags['registries-conf'] ?? '',
    version: VERSION,
    warn,
    requests: flags.requests,
    ...(flags.stdinTaken && { stdinTaken: flags.stdinTaken }),
    ...(flags['workload-context'] ? { workloadContext: flags['workload-context'] } : {}),
    ...(flags.v >= 6 ? { log: (line: string) => process.stderr.write(`${printable(line)}\n`) } : {}),
  }
}

/** @throws UserError where the variable that was named is not set */
/** A warning for people, as kubectl writes them. */
export function warn(text: string): void {
  process.stderr.write(`Warning: ${printable(text)}\n`)
}
