import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { anchors, type Page, pages } from './markdown.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const all = pages()

/** Targets of the links of a page that stay in the repository. */
function localLinks({ prose }: Page): string[] {
  const text = prose.join('\n').replace(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
}

/** Why a link leads nowhere; '' when it leads somewhere. */
function brokenBecause(page: Page, link: string): string {
  const [target = '', anchor] = link.split('#')
  const file = target === '' ? page.file : path.join(path.dirname(page.file), target)
  if (file.startsWith('..') || !existsSync(path.join(ROOT, file))) return `${link}: there is no ${file}`
  if (anchor === undefined) return ''
  const other = all.find((candidate) => candidate.file === file)
  return other && anchors(other).includes(anchor) ? '' : `${link}: ${file} has no heading for #${anchor}`
}

describe('links within the repository', () => {
  it.each(all)('$file leads to files and headings that exist', (page) => {
    expect(
      localLinks(page)
        .map((link) => brokenBecause(page, link))
        .filter(Boolean),
    ).toEqual([])
  })

  it.each(all.filter(({ file }) => file.startsWith('docs/')))(
    '$file can be reached from README.md',
    (page) => {
      const reached = new Set(['README.md'])
      for (const file of reached) {
        const from = all.find((candidate) => candidate.file === file)
        for (const link of from ? localLinks(from) : []) {
          reached.add(path.join(path.dirname(file), link.split('#')[0] ?? ''))
        }
      }
      expect([...reached]).toContain(page.file)
    },
  )
})
