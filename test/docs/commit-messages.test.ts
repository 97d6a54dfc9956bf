import { expect, it } from 'vitest'
import { commitMessage } from '../../src/lib/writeback/git/commit-message.ts'
import { readCommitTemplate } from '../../src/lib/writeback/git/commit-template.ts'
import { pullRequestText } from '../../src/lib/writeback/git/pull-request-text.ts'
import { BLOG, SHOP } from './git-changes.ts'
import { pages } from './markdown.ts'

it('docs/commit-messages.md shows what the templates on it really make', () => {
  const blocks = pages().find(({ file }) => file === 'docs/commit-messages.md')?.blocks ?? []
  const inLanguage = (language: string) =>
    blocks.filter((block) => block.language === language).map(({ text }) => text)
  const [usual, several] = inLanguage('gotemplate').map(readCommitTemplate)
  const messages = [
    commitMessage([SHOP]),
    commitMessage([SHOP], usual),
    commitMessage([SHOP, BLOG], usual),
    commitMessage([SHOP, BLOG], several),
  ]
  expect(inLanguage('text')).toEqual(messages.map(({ text }) => text.trimEnd()))
  expect(inLanguage('markdown')).toEqual([pullRequestText([SHOP, BLOG]).body])
})
