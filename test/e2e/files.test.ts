import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { objections } from '../schema/schema.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let image: string
let folder: string
beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.4.0', '1.4.2', '1.5.0']) await world.push('web', tag)
  folder = join(world.home, 'apps')
  await mkdir(folder)
})
afterAll(() => world?.close())

/** A manifest as people write it; `list` is the kustomize block, every line of it. */
function manifest(name: string, list = `        - ${image}:1.4.0   # set by hand`): string {
  return `---
# The ${name}.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  labels: {team: "web"}
  annotations:
    argocd-image-updater.argoproj.io/image-list: 'web=${image}:1.x'

spec:
  destination: {server: https://kubernetes.default.svc}
  source:
    repoURL: https://git.example.com/r.git
    kustomize:
      images:
${list}

# ${name} ends here
`
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, text)
  return path
}

/** Never a cluster: a kubeconfig that leads nowhere would fail every command that asks one. */
const offline = { env: { KUBECONFIG: '/nowhere' } }
const run = (args: readonly string[], options: { readonly input?: string } = {}) =>
  world.run([...args, '--plain-http-registry', world.registryHost], { ...offline, ...options })

describe('reading', () => {
  it('takes several files in one -f, as kubectl does', async () => {
    const [shop, blog] = [
      await file('several/shop.yaml', manifest('shop')),
      await file('several/blog.yaml', manifest('blog')),
    ]
    const { code, stdout, stderr } = await run(['list', '-f', `${shop},${blog}`, '-o', 'name'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe('application.argoproj.io/shop\napplication.argoproj.io/blog\n')
  })

  it('lists and checks the Applications of a file without asking a cluster', async () => {
    const path = await file(
      'read/shop.yaml',
      `kind: ConfigMap\napiVersion: v1\n${manifest('shop')}${manifest('blog')}`,
    )
    const list = await run(['list', '-f', path])
    expect(list).toMatchObject({ code: 0 })
    expect(list.stderr).toContain('running is what the spec declares')
    expect(list.stdout).toMatch(
      new RegExp(`^FILE +APPLICATION[^\\n]+\\n${path} +shop +web .*\\n${path} +blog +web `),
    )
    const check = await run(['check', '-f', path, 'shop', '--exit-code'])
    expect(check.stdout).toMatch(/shop +web +1\.4\.0 +1\.5\.0 .*set kustomize image/)
    expect(check.stdout).not.toContain('blog')
    expect(check.code).toBe(1)
    const document = JSON.parse((await run(['check', '-f', path, '-o', 'json'])).stdout)
    expect(document).toMatchObject({
      context: '',
      items: [
        { application: 'blog', decision: 'update', file: path, line: 24 },
        { application: 'shop', file: path, line: 5 },
      ],
    })
  })

  it('selects by name, namespace and labels', async () => {
    const other = manifest('other')
      .replace('name: other', 'name: other\n  namespace: prod')
      .replace('"web"', 'api')
    const path = await file('select.yaml', manifest('shop') + other)
    const names = async (...args: string[]) =>
      (await run(['list', '-o', 'name', '-f', path, ...args])).stdout.trim()
    expect(await names('-l', 'team=web')).toBe('application.argoproj.io/shop')
    expect(await names('-l', 'team!=web')).toBe('application.argoproj.io/other')
    expect(await names('-n', 'prod')).toBe('application.argoproj.io/shop\napplication.argoproj.io/other')
    expect(await names('-n', 'dev')).toBe('application.argoproj.io/shop')
    expect(await names('prod/other')).toBe('application.argoproj.io/other')
    const missing = await run(['list', 'nobody', '-f', path])
    expect(missing.stderr).toContain('application "nobody" not found in the files')
    expect(missing.code).toBe(1)
  })

  it('tells which file of a folder cannot be read, and goes on', async () => {
    await file('mixed/a.yaml', manifest('shop'))
    await file('mixed/chart.yaml', '{{- if .Values.x }}\nkind: Service\n')
    await file('mixed/broken.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: "Application\n')
    await file('mixed/below/b.yaml', manifest('below'))
    const { code, stdout, stderr } = await run(['check', '-f', join(folder, 'mixed')])
    expect(stdout).toMatch(/shop +web +1\.4\.0 +1\.5\.0/)
    expect(stderr).toMatch(/error: .*mixed\/broken\.yaml:3: .*\. Correct the YAML/)
    expect(stderr).not.toContain('chart.yaml')
    expect(code).toBe(1)
    expect((await run(['list', '-R', '-f', join(folder, 'mixed')])).stdout).toContain('below')
  })

  it('reads the rules of an ImageUpdater in the files', async () => {
    const bare = manifest('shop').replace(/ {2}annotations:\n.*\n/, '')
    const updater = `---
apiVersion: argocd-image-updater.argoproj.io/v1alpha1
kind: ImageUpdater
metadata: {name: rules}
spec:
  applicationRefs:
  - namePattern: "sh*"
    images:
    - {alias: web, imageName: "${image}:~1.4"}
`
    const path = await file('updater.yaml', bare + updater)
    expect((await run(['check', '-f', path])).stdout).toMatch(
      /shop +web +1\.4\.0 +1\.4\.2 +.*set kustomize image/,
    )
  })

  it.each([
    ['a file that is not there', ['-f', 'missing.yaml'], 'cannot read missing.yaml: there is no such file'],
    ['a folder without Applications', ['-f', '/dev'], '/dev holds no Argo CD Application'],
    ['an address', ['-f', 'https://example.com/a.yaml'], 'is no file on this machine'],
    ['-R alone', ['-R'], 'none is named. Name one with -f'],
    ['nothing in standard input', ['-f', '-'], 'standard input holds no Argo CD Application'],
  ])('says in one line what is wrong with %s', async (_, args, message) => {
    const { code, stderr } = await run(['check', ...args])
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain(message)
    expect(code).toBe(1)
  })
})

describe('update', () => {
  it('changes the image and no other byte, and keeps the mode of the file', async () => {
    const before = manifest('shop').replaceAll('\n', '\r\n')
    const path = await file('update/shop.yaml', `\uFEFF${before}`)
    await chmod(path, 0o640)
    const { code, stdout } = await run(['update', '-f', path, '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain(`${path}:17`)
    expect(stdout).toContain(`-             - ${image}:1.4.0   # set by hand`)
    expect(stdout).toContain(`+             - ${image}:1.5.0   # set by hand`)
    expect(await readFile(path, 'utf8')).toBe(`\uFEFF${before.replace(':1.4.0', ':1.5.0')}`)
    expect((await stat(path)).mode & 0o777).toBe(0o640)
    expect((await run(['check', '-f', path, '--exit-code'])).code).toBe(0)
  })

  it('writes several Applications of one file, and those of the same name in others', async () => {
    const one = await file('many/one.yaml', manifest('shop') + manifest('blog'))
    const two = await file('many/two.yaml', manifest('shop'))
    const { code, stdout } = await run(['update', '-f', join(folder, 'many'), '--yes'])
    expect(code).toBe(0)
    expect(stdout.match(/updated: image web 1\.4\.0 → 1\.5\.0/g)).toHaveLength(3)
    const updated = (text: string) => text.replaceAll(':1.4.0', ':1.5.0')
    expect(await readFile(one, 'utf8')).toBe(updated(manifest('shop') + manifest('blog')))
    expect(await readFile(two, 'utf8')).toBe(updated(manifest('shop')))
  })

  it('writes nothing with --dry-run, nor where nobody can be asked', async () => {
    const path = await file('dry.yaml', manifest('shop'))
    const dry = await run(['update', '-f', path, '--dry-run'])
    expect(dry).toMatchObject({ code: 0 })
    expect(dry.stdout).toContain('(dry run)')
    const asked = await run(['update', '-f', path])
    expect(asked.stderr).toContain('there is no terminal to ask on')
    expect(asked.code).toBe(1)
    expect((await run(['update', '-f', path, '--dry-run=server'])).stderr).toContain('Use --dry-run=client')
    expect(await readFile(path, 'utf8')).toBe(manifest('shop'))
  })

  it('edits standard input to standard output', async () => {
    const input = `${manifest('shop')}---\nkind: Other\n`
    const { code, stdout, stderr } = await run(['update', '-f', '-'], { input })
    expect(stdout).toBe(input.replace(':1.4.0', ':1.5.0'))
    expect(stderr).toContain('updated: image web 1.4.0 → 1.5.0')
    expect(code).toBe(0)
    expect((await run(['update', '-f', '-', '-o', 'json'], { input })).stderr).toContain('has no place to go')
  })

  it('leaves what it cannot edit safely, and says where and why', async () => {
    const shared = manifest(
      'shop',
      `        - &web ${image}:1.4.0\n  info:\n    - {name: image, value: *web}`,
    )
    const path = await file('shared.yaml', shared)
    const { code, stdout } = await run(['check', '-f', path])
    expect(stdout).toContain(`blocked: ${path}:17: the value is used elsewhere too, through the anchor &web`)
    expect(code).toBe(0)
    await run(['update', '-f', path, '--yes'])
    expect(await readFile(path, 'utf8')).toBe(shared)
  })

  it('follows a link out of the folder only to read', async () => {
    const target = await file('outside/shop.yaml', manifest('shop'))
    await mkdir(join(folder, 'links'))
    await symlink(target, join(folder, 'links/shop.yaml'))
    const { stdout } = await run(['update', '-f', join(folder, 'links'), '--yes', '-o', 'json'])
    expect(JSON.parse(stdout).items).toMatchObject([
      { decision: 'blocked', reason: expect.stringContaining('nothing is written there') },
    ])
    expect(await readFile(target, 'utf8')).toBe(manifest('shop'))
  })

  it('says that plain manifests cannot be written', async () => {
    const directory = manifest('shop').replace(
      / {4}kustomize:[\s\S]*# set by hand/,
      '    directory: {recurse: true}',
    )
    const { stdout } = await run(['check', '-f', await file('directory.yaml', directory)])
    expect(stdout).toMatch(/shop +web .*neither in the spec/)
  })
})

describe('annotate', () => {
  it('writes the rule into the file, and nothing else', async () => {
    const bare = manifest('shop').replace(/ {2}annotations:\n.*\n/, '')
    const path = await file('annotate.yaml', bare)
    const { code, stdout } = await run(['annotate', '-f', path, '--image', `web=${image}:1.x`, '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain(`${path}:8`)
    expect(await readFile(path, 'utf8')).toBe(
      bare.replace(
        '"web"}\n',
        `"web"}\n  annotations:\n    argocd-image-updater.argoproj.io/image-list: web=${image}:1.x\n`,
      ),
    )
    expect((await run(['check', '-f', path])).stdout).toMatch(/shop +web +1\.4\.0 +1\.5\.0/)
  })

  it('asks for a name where a file holds several Applications', async () => {
    const path = await file('several.yaml', manifest('shop') + manifest('blog'))
    const { code, stderr } = await run(['annotate', '-f', path, '--image', `web=${image}`, '--yes'])
    expect(stderr).toContain('no Application is named')
    expect(code).toBe(1)
  })
})

describe('explain', () => {
  it('tells the story of an Application in a file, and what files do not tell', async () => {
    const path = await file('explain/shop.yaml', manifest('shop') + manifest('blog'))
    const { code, stdout } = await run(['explain', 'blog', '-f', path])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^blog · web +file ${path}:22\\n`))
    expect(stdout).toMatch(/Running +spec +1\.4\.0 \(spec\.source\.kustomize\.images\[0\]\)/)
    expect(stdout).toMatch(/ live +not told by files\n +Pods +not told by files\n/)
    expect(stdout).toMatch(/ Argo CD +not told by files, but auto-sync is off\n/)
    expect(stdout).toContain(` ${path}:36\n`)
    expect(stdout).toContain(`  - - ${image}:1.4.0   # set by hand\n`)
    expect(stdout).toContain(`  + - ${image}:1.5.0   # set by hand\n`)
    expect(stdout).toContain(`kubectl image-updater update blog -f ${path}\n`)
    expect(stdout).not.toMatch(/context|argocd app sync|has not compared/)
    const document = JSON.parse((await run(['explain', 'blog', '-f', path, '-o', 'json'])).stdout)
    expect(document).toMatchObject({
      context: '',
      items: [{ application: 'blog', file: path, images: [{ running: { absence: [] } }], line: 22 }],
    })
    expect(objections(document)).toBe('')
  })

  it('suggests commands that work on files too', async () => {
    await file('suggest/below/shop.yaml', manifest('shop').replace(':1.4.0', ':1.5.0'))
    const at = ['-R', '-f', join(folder, 'suggest')]
    const { stdout } = await run(['explain', 'shop', ...at])
    expect(stdout).toContain(`kubectl image-updater check shop --exit-code ${at.join(' ')}\n`)
    const older = manifest('shop').replace(':1.4.0', ':2.0.0')
    const path = await file('older.yaml', older)
    const stopped = (await run(['explain', 'shop', '-f', path])).stdout
    expect(stopped).toContain(`kubectl image-updater update shop --allow-downgrade -f ${path}\n`)
    expect(stopped).toContain(
      `Annotation argocd-image-updater.argoproj.io/web.allow-downgrade: "true" in ${path}:3`,
    )
    expect(stopped).not.toContain('kubectl annotate')
  })

  it('says so of an Application without a rule, and of one that is not there', async () => {
    const path = await file('ruleless.yaml', manifest('shop').replace(/ {2}annotations:\n.*\n/, ''))
    const { stdout } = await run(['explain', 'shop', '-f', path])
    expect(stdout).toMatch(/Running +not told by files\n/)
    expect(stdout).toContain(`kubectl image-updater annotate shop -f ${path}\n`)
    const { code, stderr } = await run(['explain', 'nobody', '-f', path])
    expect(stderr).toContain('application "nobody" not found in the files')
    expect(code).toBe(1)
  })
})

describe('lint', () => {
  /** Two repairs, one of them in a key, and a value only a person can put right. */
  const faulty = (name: string) =>
    manifest(name).replace(
      "1.x'\n",
      `1.x'
    # only releases
    argocd-image-updater.argoproj.io/web.allow-tags: "^1"   # anchored
    argocd-image-updater.argoproj.io/web.tag-match: regexp:^1
    argocd-image-updater.argoproj.io/web.ignore-tags: '[a-'
`,
    )
  const repaired = (text: string) =>
    text
      .replaceAll('"^1"', '"regexp:^1"')
      .replaceAll('    argocd-image-updater.argoproj.io/web.tag-match: regexp:^1\n', '')

  it('names file and line, also of Applications of one name', async () => {
    const one = await file('lint/one.yaml', faulty('shop'))
    const two = await file('lint/two.yaml', manifest('blog') + faulty('shop'))
    const at = ['-f', join(folder, 'lint')]
    const { code, stdout } = await run(['lint', ...at, '--exit-code'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^SEVERITY +FILE +OBJECT +KEY +CODE\n/)
    for (const place of [`${one}:11`, `${two}:30`])
      expect(stdout).toMatch(new RegExp(`\\nerror +${place} +shop +web\\.allow-tags +allow-tags-keyword\\n`))
    const document = JSON.parse((await run(['lint', ...at, '-o', 'json'])).stdout)
    const places = document.items
      .filter((item: { code: string }) => item.code === 'allow-tags-keyword')
      .map((item: { file: string; line: number }) => [item.file, item.line])
    expect(places).toEqual([
      [one, 11],
      [two, 30],
    ])
    expect(objections(document)).toBe('')
  })

  it('puts right what needs no decision, no other byte, and shows what is left', async () => {
    const before = faulty('shop') + manifest('blog') + faulty('api')
    const path = await file('fix.yaml', before)
    const dry = await run(['lint', '-f', path, '--fix', '--dry-run'])
    expect(dry.stdout).toContain('annotated (dry run)')
    expect(await readFile(path, 'utf8')).toBe(before)
    const asked = await run(['lint', '-f', path, '--fix'])
    expect(asked.stderr).toContain('there is no terminal to ask on')
    const document = JSON.parse((await run(['lint', '-f', path, '--fix', '--yes', '-o', 'json'])).stdout)
    expect(document.fixed).toMatchObject([
      { application: 'shop', file: path, outcome: 'applied' },
      { application: 'api', file: path, outcome: 'applied' },
    ])
    expect(document.items).toMatchObject([
      { code: 'bad-glob', fixable: false, line: 53 },
      { code: 'bad-glob', fixable: false, line: 12 },
    ])
    expect(objections(document)).toBe('')
    expect(await readFile(path, 'utf8')).toBe(repaired(before))
  })

  it('edits standard input to standard output, and only with --fix', async () => {
    const input = faulty('shop')
    const fixed = await run(['lint', '-f', '-', '--fix'], { input })
    expect(fixed.stdout).toBe(repaired(input))
    expect(fixed.stderr).toMatch(/annotated\n(?:.*\n)*.*bad-glob/)
    expect(fixed.stderr).not.toContain('allow-tags-keyword')
    const read = await run(['lint', '-f', '-', '-o', 'json'], { input })
    expect(JSON.parse(read.stdout).items[0]).toMatchObject({ file: '-', line: 11 })
    expect((await run(['lint', '-f', '-', '--fix', '-o', 'json'], { input })).stderr).toContain(
      'has no place to go',
    )
  })

  it('leaves what it cannot edit safely, says why, and goes on', async () => {
    const shared = faulty('shop')
      .replace('"^1"', '&only "^1"')

      .replace('spec:\n', 'spec:\n  info:\n    - {name: only, value: *only}\n')
    const path = await file('anchored.yaml', shared + faulty('api'))
    const { code, stderr } = await run(['lint', '-f', path, '--fix', '--yes'])
    expect(stderr).toMatch(new RegExp(`error: shop: ${path}:\\d+: .*Correct it by hand`))
    expect(code).toBe(1)
    expect(await readFile(path, 'utf8')).toBe(shared + repaired(faulty('api')))
  })

  it('names the file of an ImageUpdater', async () => {
    const updater = `---
apiVersion: argocd-image-updater.argoproj.io/v1alpha1
kind: ImageUpdater
metadata: {name: rules}
spec:
  applicationRefs:
  - namePattern: "sh*"
    images:
    - {alias: web, imageName: "${image}:~9"}
`
    const bare = manifest('shop').replace(/ {2}annotations:\n.*\n/, '')
    const path = await file('lint-updater.yaml', bare + updater)
    expect((await run(['lint', '-f', path])).stdout).toMatch(
      new RegExp(`${path}:${bare.split('\n').length + 8} +imageupdater/rules `),
    )
  })
})
