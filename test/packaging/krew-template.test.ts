import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type KrewManifest, manifestProblems } from '../../packaging/krew-rules.ts'
import { fillKrewTemplate } from '../../packaging/krew-template.ts'
import { archiveName } from '../../packaging/release-names.ts'
import { TARGETS } from '../../packaging/targets.ts'

const template = readFileSync(new URL('../../.krew.yaml', import.meta.url), 'utf8')
const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const hash = 'ab'.repeat(32)

describe('.krew.yaml', () => {
  const text = fillKrewTemplate(template, 'v9.8.7', () => hash)
  const { spec } = parse(text) as KrewManifest

  it('becomes a manifest that krew takes', () => {
    expect(manifestProblems('image-updater.yaml', text)).toEqual([])
    expect(spec).toMatchObject({ version: 'v9.8.7', homepage: packageJson.homepage })
  })

  it('has an entry for each program that is made, and no other', () => {
    const entries = spec.platforms.map(({ bin, uri, sha256, selector }) => ({ bin, uri, sha256, selector }))
    const wanted = TARGETS.map((target) => ({
      bin: target.executable,
      uri: `${packageJson.homepage}/releases/download/v9.8.7/${archiveName(target)}`,
      sha256: hash,
      selector: { matchLabels: { os: target.os, arch: target.arch } },
    }))
    const byAddress = (a: { uri: string }, b: { uri: string }) => a.uri.localeCompare(b.uri)
    expect(entries.toSorted(byAddress)).toEqual(wanted.toSorted(byAddress))
  })
})

describe('the template is filled in as the bot does it', () => {
  it('with four spaces before the hash, wherever it stands', () => {
    const filled = fillKrewTemplate(
      'x:\n      {{ addURIAndSha "https://e.x/{{ .TagName }}.zip" .TagName }}',
      'v1',
      () => hash,
    )
    expect(filled).toBe(`x:\n      uri: https://e.x/v1.zip\n    sha256: ${hash}`)
  })

  it('and what it does not know is an error', () => {
    expect(() => fillKrewTemplate('{{ .Version }}', 'v1', () => hash)).toThrow('{{ .Version }} is not known')
  })
})
