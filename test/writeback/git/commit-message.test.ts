import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { GoTemplate } from '../../../src/lib/gotemplate/template.ts'
import { GoTemplateError } from '../../../src/lib/gotemplate/template-error.ts'
import { commitMessage } from '../../../src/lib/writeback/git/commit-message.ts'
import { readCommitTemplate } from '../../../src/lib/writeback/git/commit-template.ts'
import { API, application, image, NGINX } from './changes.ts'

const DIGEST = `sha256:${'9f1c2b7a04de'.padEnd(64, '0')}`

describe('the message without a template', () => {
  it('names the image, its new version and the Application, and ends with trailers', () => {
    expect(commitMessage([application('argocd/shop', NGINX)]).text).toBe(
      `build: update nginx to 1.27.1 in shop

updates image nginx tag '1.26.0' to '1.27.1'

Application: argocd/shop
Image: nginx 1.26.0 -> 1.27.1
`,
    )
  })

  it('lists several Applications one after the other', () => {
    const { text } = commitMessage([
      application('argocd/shop', NGINX, API),
      application('team-a/blog', NGINX),
    ])
    expect(text).toBe(
      `build: update 2 images of 2 applications

argocd/shop:
  updates image nginx tag '1.26.0' to '1.27.1'
  updates image ghcr.io/org/api tag '2.0.1' to '2.1.0'

team-a/blog:
  updates image nginx tag '1.26.0' to '1.27.1'

Application: argocd/shop
Image: nginx 1.26.0 -> 1.27.1
Image: ghcr.io/org/api 2.0.1 -> 2.1.0
Application: team-a/blog
Image: nginx 1.26.0 -> 1.27.1
`,
    )
  })

  it.each([
    [
      'one image everywhere',
      [application('a/x', NGINX), application('a/y', NGINX)],
      'build: update nginx to 1.27.1 in 2 applications',
    ],
    ['several images of one', [application('a/x', NGINX, API)], 'build: update 2 images of x'],
    [
      'a new digest of the same tag',
      [application('a/x', image('nginx:1', `nginx:1@${DIGEST}`))],
      'build: update nginx to 1@9f1c2b7a04de in x',
    ],
    [
      'a digest alone',
      [application('a/x', image('', `nginx@${DIGEST}`))],
      'build: update nginx to 9f1c2b7a04de in x',
    ],
    [
      'a new tag with a digest',
      [application('a/x', image('nginx:1', `nginx:2@${DIGEST}`))],
      'build: update nginx to 2 in x',
    ],
    [
      'no room for the version',
      [application('a/x', image('', `org/${'long-name-'.repeat(4)}x:1.0.0-rc.1-20260102`))],
      'build: update org/long-name-long-name-long-name-long-name-x in x',
    ],
    [
      'no room for the image',
      [application('a/x', image('', `org/${'long-name-'.repeat(9)}x:1`))],
      'build: update x',
    ],
  ])('subject: %s', (_, applications, subject) => expect(commitMessage(applications).subject).toBe(subject))

  it('says nothing of a version before where none is known', () => {
    const { body, trailers } = commitMessage([application('a/x', image('', 'nginx:1'))])
    expect(body).toBe("updates image nginx to '1'")
    expect(trailers).toEqual(['Application: a/x', 'Image: nginx -> 1'])
  })
})

describe('a template', () => {
  const usual = `build: automatic update of {{ .AppName }}

{{ range .AppChanges -}}
updates image {{ .Image }} tag '{{ .OldTag }}' to '{{ .NewTag }}'
{{ end -}}
`

  it('as argocd-image-updater has it works as it is', () => {
    const pinned = image(`nginx:1@${DIGEST.replace('9f', '00')}`, `nginx:1@${DIGEST}`)
    const { text, subject } = commitMessage(
      [application('argocd/shop', API, pinned)],
      readCommitTemplate(usual),
    )
    expect(subject).toBe('build: automatic update of shop')
    expect(text).toContain("\n\nupdates image org/api tag '2.0.1' to '2.1.0'\n")
    expect(text).toContain(
      `updates image nginx tag '${DIGEST.replace('9f', '00')}' to '${DIGEST}'\n\nApplication:`,
    )
  })

  it('for one Application is rendered for each, and the texts are joined', () => {
    const { text } = commitMessage(
      [application('a/shop', NGINX), application('a/blog', API)],
      readCommitTemplate(usual),
    )
    expect(text).toBe(`build: automatic update of shop and 1 more application

updates image nginx tag '1.26.0' to '1.27.1'

build: automatic update of blog

updates image org/api tag '2.0.1' to '2.1.0'

Application: a/shop
Image: nginx 1.26.0 -> 1.27.1
Application: a/blog
Image: ghcr.io/org/api 2.0.1 -> 2.1.0
`)
  })

  it('whose subject names no Application keeps it', () => {
    const template = readCommitTemplate('chore: images [skip ci]\n\n{{.AppName}}')
    const { subject, body } = commitMessage(
      [application('a/shop', NGINX), application('a/blog', API)],
      template,
    )
    expect({ subject, body }).toEqual({ subject: 'chore: images [skip ci]', body: 'shop\n\nblog' })
  })

  it('that asks for .Applications is rendered once', () => {
    const template = readCommitTemplate(
      'chore: update {{len .Applications}} apps\n\n{{range .Applications}}* {{.Namespace}}/{{.Name}}:{{range .Changes}} {{.Alias}}={{.FullName}}:{{.NewVersion}}{{end}}\n{{end}}',
    )
    const { body } = commitMessage([application('a/shop', NGINX), application('b/blog', API)], template)
    expect(body).toBe('* a/shop: app=nginx:1.27.1\n* b/blog: app=ghcr.io/org/api:2.1.0')
  })

  it('that makes a long first line gets a shorter subject, and the whole line in the body', () => {
    const template = readCommitTemplate(
      `chore(shop): {{range .AppChanges}}{{.Image}}: {{.OldTag}} -> {{.NewTag}} {{end}}[skip ci]`,
    )
    const { subject, body } = commitMessage([application('a/x', NGINX, API, NGINX)], template)
    expect(subject).toBe('chore(shop): nginx: 1.26.0 -> 1.27.1 org/api: 2.0.1 -> 2.1.0 nginx:…')
    expect([...subject].length).toBeLessThanOrEqual(72)
    expect(body).toBe(
      'chore(shop): nginx: 1.26.0 -> 1.27.1 org/api: 2.0.1 -> 2.1.0 nginx: 1.26.0 -> 1.27.1 [skip ci]',
    )
  })

  it('with a mistake is refused at the start, with its place', () => {
    expect(() => readCommitTemplate('a\n{{ .Appname }}')).toThrow(
      /^line 2, column 4: the message has no field \.Appname/,
    )
    expect(() => readCommitTemplate('{{range .AppChanges}}{{.Tag}}{{end}}')).toThrow(
      /a change has no field \.Tag/,
    )
    expect(() => readCommitTemplate('{{ if }}')).toThrow(GoTemplateError)
  })

  it('that fails only now does not stop the update, and is told', () => {
    const template = new GoTemplate('{{ (index .AppChanges 1).Image }}')
    const { subject, problem } = commitMessage([application('a/x', NGINX)], template)
    expect(subject).toBe('build: update of application x')
    expect(problem?.message).toBe('line 1, column 5: there is nothing at 1')
  })

  it('that makes no text leaves the fixed subject', () => {
    expect(commitMessage([application('a/x', NGINX)], readCommitTemplate('{{/* nothing */}}')).subject).toBe(
      'Update container image versions',
    )
  })
})

it('trailers that a template ends with stay trailers, once for all Applications', () => {
  const template = readCommitTemplate('chore: {{.AppName}}\n\nChangelog: changed\nTeam: {{.AppNamespace}}\n')
  const { subject, body, trailers } = commitMessage(
    [application('a/shop', NGINX), application('a/blog', NGINX)],
    template,
  )
  expect({ subject, body }).toEqual({ subject: 'chore: shop and 1 more application', body: 'chore: blog' })
  expect(trailers.slice(0, 3)).toEqual(['Changelog: changed', 'Team: a', 'Application: a/shop'])
})

it('git reads the trailers, and only those', () => {
  const template = readCommitTemplate('x\n\n{{.AppName}}\n---\nmore')
  const { text, trailers } = commitMessage([application('argocd/shop', NGINX, API)], template)
  const read = execFileSync('git', ['interpret-trailers', '--parse'], { input: text, encoding: 'utf8' })
  expect(read.trimEnd().split('\n')).toEqual(trailers)
})

it('a message of many Applications stays of a size that git and people can read', () => {
  const many = Array.from({ length: 2000 }, (_, index) => application(`a/app-${index}`, NGINX))
  const { body, trailers } = commitMessage(many)
  expect(body.length).toBeLessThan(33_000)
  expect(body).toMatch(/\n\n\(\d+ more lines\)$/)
  expect(trailers).toHaveLength(4000)
})
