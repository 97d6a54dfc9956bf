import type { Command } from '@oclif/core'

/** Every command by name, loaded only when it is called: none pays for another's libraries. */
export const commandTable: Readonly<Record<string, () => Promise<{ default: Command.Class }>>> = {
  annotate: () => import('../commands/annotate.ts'),
  check: () => import('../commands/check.ts'),
  completion: () => import('../commands/completion.ts'),
  deploy: () => import('../commands/deploy.ts'),
  doctor: () => import('../commands/doctor.ts'),
  explain: () => import('../commands/explain.ts'),
  history: () => import('../commands/history.ts'),
  hold: () => import('../commands/hold.ts'),
  lint: () => import('../commands/lint.ts'),
  list: () => import('../commands/list.ts'),
  migrate: () => import('../commands/migrate.ts'),
  options: () => import('../commands/options.ts'),
  resume: () => import('../commands/resume.ts'),
  rollback: () => import('../commands/rollback.ts'),
  sandbox: () => import('../commands/sandbox.ts'),
  set: () => import('../commands/set.ts'),
  skip: () => import('../commands/skip.ts'),
  tags: () => import('../commands/tags.ts'),
  update: () => import('../commands/update.ts'),
  version: () => import('../commands/version.ts'),
  watch: () => import('../commands/watch.ts'),
}
