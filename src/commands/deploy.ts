import { BaseCommand } from '../cli/base-command.ts'
import { deployDialogue } from '../cli/deploy/dialogue.ts'
import { deployFlags } from '../cli/deploy/flags.ts'

export default class Deploy extends BaseCommand {
  static override readonly summary = 'Run the same watch in the cluster: print what it takes, or apply it'
  static override readonly description =
    'Prints a Deployment that runs watch with the flags given here, with a Lease so that one Pod writes and the others take over, and the service account, roles, NetworkPolicy, metrics Service and disruption budget that go with it. The roles grant what these flags and the rules in the cluster need, and nothing else. Nothing is written without --apply, which shows the diff and asks.'
  static override readonly examples = [
    {
      command: '<%= config.bin %> deploy --approve minor | kubectl apply --server-side -f -',
      description: 'The watch of the current context’s namespace, applied by kubectl',
    },
    {
      command: '<%= config.bin %> deploy -n argocd --approve patch --rollback-on-degraded --apply',
      description: 'Show the diff, ask, and apply it',
    },
    {
      command:
        '<%= config.bin %> deploy --irsa-role-arn arn:aws:iam::123456789012:role/images --notify slack:url-env=SLACK_WEBHOOK --env-from-secret image-updater',
      description: 'With a role for ECR, and messages whose address is in a Secret',
    },
    {
      command:
        "<%= config.bin %> deploy -A --shard web=team=web --shard 'rest=team notin (web)' --pod-monitor",
      description: 'Two Deployments, each with its part of the Applications and a Lease of its own',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'deploy [APPLICATION...] [flags]'
  static override readonly flags = deployFlags

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Deploy)
    if (!(await deployDialogue(argv as string[], flags))) process.exitCode = this.errorExitCode
  }
}
