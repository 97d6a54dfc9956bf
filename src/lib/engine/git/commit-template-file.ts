import { readFile } from 'node:fs/promises'
import { UserError } from '../../errors.ts'
import type { GoTemplate } from '../../gotemplate/template.ts'
import { readCommitTemplate } from '../../writeback/git/commit-template.ts'

/** The operator's own text for commits, tried before anything is committed. @throws UserError */
export async function readCommitTemplateFile(file: string): Promise<GoTemplate> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(
      `the commit message template ${file} cannot be read (${code})`,
      'Name a file with --commit-template',
    )
  }
  return readCommitTemplate(text)
}
