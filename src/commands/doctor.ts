import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { connectionFlags, outputFlags, registryFlags, selectionFlags } from '../cli/flags/shared.ts'
import { doctorSession } from '../cli/session/doctor-session.ts'
import type { Finding } from '../lib/engine/doctor/finding.ts'
import { chooseColour } from '../lib/terminal/colour.ts'
import {
  doctorColumns,
  doctorDocument,
  doctorSummary,
  findingDocument,
  renderDiagnosis,
  rolesHeading,
} from '../lib/terminal/doctor-report.ts'
import { type Answer, parseOutputFormat, renderAnswer, sortByPath, yamlText } from '../lib/terminal/output.ts'
import { outputsAreOne } from '../lib/terminal/same-place.ts'

export default class Doctor extends BaseCommand {
  static override readonly summary = 'Check that everything is reachable and allowed, and say what to do'
  static override readonly description =
    'Looks at everything the other commands depend on: versions, kubeconfig, API server, Argo CD, the rights of your user, each registry that rules name, AWS, clocks, and who else writes the same Applications. What does not work is said with what to do, and stops no other check; without a cluster the rest is still looked at. Nothing is written.'
  static override readonly examples = [
    { command: '<%= config.bin %> doctor', description: 'The current context and its namespace' },
    {
      command: '<%= config.bin %> doctor shop -n argocd',
      description: 'One Application, with the registries of its rules only',
    },
    {
      command: '<%= config.bin %> doctor --rbac',
      description: 'The roles that grant all that the commands do here, as YAML to apply',
    },
    {
      command: '<%= config.bin %> doctor -A -o json',
      description: 'For scripts; exits 0 unless a check failed, 1 otherwise',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'doctor [APPLICATION...] [flags]'
  static override readonly flags = {
    timeout: Flags.string({ default: '10s', description: 'How long each check may take; 0 for no limit' }),
    rbac: Flags.boolean({
      default: false,
      description: 'Print the roles that grant all that the commands do here, and nothing else',
    }),
    selector: selectionFlags.selector,
    'field-selector': selectionFlags['field-selector'],
    ...registryFlags,
    ...outputFlags,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Doctor)
    const format = await parseOutputFormat(flags.output, flags['allow-missing-template-keys'])
    const diagnosis = await doctorSession(flags, argv as string[])
    const { findings, roles } = diagnosis
    if (findings.some(({ state }) => state === 'fail')) process.exitCode = this.errorExitCode
    if (flags.rbac) {
      return this.print(rolesHeading(roles) + roles.map(yamlText).join('---\n'))
    }
    const paint = chooseColour(flags.color, process.stdout, process.env)
    const rows = flags['sort-by'] ? sortByPath(findings, flags['sort-by'], findingDocument) : findings
    if (format.kind === 'table') {
      this.print(renderDiagnosis(rows, process.stdout.columns ?? Number.POSITIVE_INFINITY, paint))
      return this.note(`${outputsAreOne() ? '\n' : ''}${doctorSummary(diagnosis)}\n`)
    }
    const document = doctorDocument(diagnosis, rows)
    const answer: Answer<Finding> = {
      columns: doctorColumns(paint),
      document,
      name: (row) => `check/${row.check}`,
      rows,
    }
    this.print(renderAnswer(answer, format, { headers: !flags['no-headers'] }))
  }
}
