import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** One fenced block of a page. */
export interface CodeBlock {
  /** What stands after the opening fence; '' for nothing. */
  readonly language: string
  /** Line of the page its text begins on, from 1. */
  readonly line: number
  readonly text: string
}

/** A page in its two parts: what is prose, and what is in fenced blocks. */
export interface Page {
  /** Relative to the repository, `docs/ecr.md`. */
  readonly file: string
  readonly prose: readonly string[]
  readonly blocks: readonly CodeBlock[]
}

/** Every page that people read: the README, CONTRIBUTING and docs/. */
export function pages(): Page[] {
  const files = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT })]
  return files.map((file) => parsePage(file, readFileSync(`${ROOT}/${file}`, 'utf8')))
}

function parsePage(file: string, text: string): Page {
  const prose: string[] = []
  const blocks: CodeBlock[] = []
  let open: { language: string; line: number; lines: string[] } | undefined
  text.split('\n').forEach((line, index) => {
    const fence = /^\s*```(\S*)/.exec(line)
    if (fence && open) {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join('\n') })
      open = undefined
    } else if (fence) open = { language: fence[1] ?? '', line: index + 2, lines: [] }
    else if (open) open.lines.push(line)
    else prose.push(line)
  })
  return { blocks, file, prose }
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors({ prose }: Page): string[] {
  const seen = new Map<string, number>()
  return prose.flatMap((line) => {
    const heading = /^#{1,6} (.*)$/.exec(line)?.[1]
    if (heading === undefined) return []
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    return [times === 0 ? slug : `${slug}-${times}`]
  })
}
