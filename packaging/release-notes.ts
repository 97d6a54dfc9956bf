// What CHANGELOG.md says about a version. `node packaging/release-notes.ts [v0.1.0]` prints it, by default that of
// package.json, and fails when there is nothing.
import { readFileSync } from 'node:fs'
import { tagName } from './release-names.ts'

/**
 * @param changelog in the form of Keep a Changelog: `## [0.1.0] - 2026-12-01`, newest first
 * @param tag with a leading v
 * @returns the text below the version's heading
 * @throws Error when it has no heading with a date, or nothing below
 */
export function releaseNotes(changelog: string, tag: string): string {
  const version = tag.replace(/^v/, '')
  const sections = changelog.split(/^## +/m).slice(1)
  const section = sections.find((text) => text.replace(/^\[/, '').match(/^[^\s\]]+/)?.[0] === version)
  if (section === undefined) throw new Error(`CHANGELOG.md has no entry for ${version}`)
  const [heading = '', ...lines] = section.split('\n')
  if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading))
    throw new Error(`CHANGELOG.md: "## ${heading}" has no date, " - YYYY-MM-DD"`)
  const notes = lines.join('\n').trim()
  if (notes === '') throw new Error(`CHANGELOG.md says nothing about ${version}`)
  return notes
}

if (import.meta.main) {
  const tag = process.argv[2] ?? tagName()
  if (tag !== tagName()) throw new Error(`the tag is ${tag}, but package.json is at ${tagName()}`)
  console.log(releaseNotes(readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8'), tag))
}
