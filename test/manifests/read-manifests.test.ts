import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import nodePath, { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInside } from '../../src/lib/manifests/find-files.ts'
import { LARGEST_FILE } from '../../src/lib/manifests/manifest-file.ts'
import { type Manifests, readManifests } from '../../src/lib/manifests/read-manifests.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'))
})
afterEach(() => rm(folder, { force: true, recursive: true }))

const application = (name: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}}\nspec: {}\n`

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

const read = (names: readonly string[], { input = '', recursive = false } = {}): Promise<Manifests> =>
  readManifests({ names, recursive, standardInput: () => Readable.from([Buffer.from(input)]) })

const places = ({ applications }: Manifests) =>
  applications.map(({ object, file, line, document, pointer }) => [
    object.metadata.name,
    file.name.replace(`${folder}/`, ''),
    line,
    document,
    pointer,
  ])

describe('which objects are read', () => {
  it('every document of a file, Lists and lists of Applications, each with its place', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- kind: Service\n- apiVersion: argoproj.io/v1alpha1\n  kind: Application\n  metadata: {name: b}\n`
    const typed = 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationList\nitems:\n- metadata: {name: c}\n'
    const path = await write('a.yaml', `# head\n${application('a')}---\n${list}---\n${typed}---\n`)
    expect(places(await read([path]))).toEqual([
      ['a', 'a.yaml', 2, 0, ''],
      ['b', 'a.yaml', 11, 1, '/items/1'],
      ['c', 'a.yaml', 18, 2, '/items/0'],
    ])
  })

  it('ImageUpdaters beside Applications, and nothing else', async () => {
    const others = [
      'apiVersion: app.k8s.io/v1beta1\nkind: Application\nmetadata: {name: other}\n',
      'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\n',
      'apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nmetadata: {name: rules}\n',
      '- a list\n',
      'text\n',
    ]
    const path = await write('a.yml', [...others, application('shop')].join('---\n'))
    const { applications, imageUpdaters } = await read([path])
    expect(applications.map(({ object }) => object.metadata.name)).toEqual(['shop'])
    expect(imageUpdaters.map(({ object }) => object.metadata.name)).toEqual(['rules'])
  })

  it('JSON, with and without a byte order mark', async () => {
    const json = JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'j' },
    })
    expect(places(await read([await write('a.json', `\uFEFF${json}`)]))).toEqual([['j', 'a.json', 1, 0, '']])
  })

  it('joins its documents to the file again, byte for byte', async () => {
    const text = `\uFEFF%YAML 1.2\n---\n${application('a')}...\n# between\n---\r\n${application('b')}--- # c\n\n---\n${application('c')}...\n# end`
    const { applications } = await read([await write('a.yaml', text)])
    expect(applications).toHaveLength(3)
    expect(applications[0]?.file.documents.join('')).toBe(text)
  })
})

describe('which files are read', () => {
  it('those of a folder by their endings; those below with recursive; each once', async () => {
    for (const name of ['b.yaml', 'a.yml', 'c.json.bak', 'notes.txt', 'below/d.yaml']) {
      await write(name, application(name.replace(/\W.*/, '')))
    }
    const names = async (...args: Parameters<typeof read>) =>
      places(await read(...args)).map(([, file]) => file)
    expect(await names([folder])).toEqual(['a.yml', 'b.yaml'])
    expect(await names([folder], { recursive: true })).toEqual(['a.yml', 'b.yaml', 'below/d.yaml'])
    expect(await names([join(folder, 'notes.txt'), folder, join(folder, 'b.yaml')])).toEqual([
      'notes.txt',
      'a.yml',
      'b.yaml',
    ])
  })

  it('through links to files, and not through links to folders', async () => {
    await write('real/a.yaml', application('a'))
    await mkdir(join(folder, 'links'))
    await symlink(join(folder, 'real/a.yaml'), join(folder, 'links/a.yaml'))
    await symlink(folder, join(folder, 'links/round'))
    const { applications } = await read([join(folder, 'links')], { recursive: true })
    expect(applications.map(({ file }) => file.name)).toEqual([join(folder, 'links/a.yaml')])
  })

  it('standard input, which is kept where nothing of ours is in it', async () => {
    expect(places(await read(['-'], { input: application('in') }))).toEqual([['in', '-', 1, 0, '']])
    expect(await read(['-'], { input: 'kind: Other\n' })).toMatchObject({
      applications: [],
      standardInput: 'kind: Other\n',
    })
  })

  it('a folder of 500 files, most of which say nothing of Argo CD', async () => {
    const files = Array.from({ length: 500 }, (_, index) => [`f${index}.yaml`, index] as const)
    for (const [name, index] of files) {
      await write(name, index % 10 === 0 ? application(`a${index}`) : 'a: b\n'.repeat(index))
    }
    expect((await read([folder])).applications).toHaveLength(50)
  })
})

describe('what cannot be read', () => {
  it.each<readonly [name: string, file: string, content: string | Uint8Array, message: RegExp]>([
    ['YAML with a fault', 'a.yaml', `${application('a')}  x: [\n`, /a\.yaml:5: /],
    [
      'a key that is there twice',
      'a.yaml',
      `${application('a')}kind: Application\n`,
      /a\.yaml:5: Map keys must be unique/,
    ],
    ['JSON with comments', 'a.json', '{"apiVersion": "argoproj.io/v1alpha1" /* c */}', /a\.json is not JSON/],
    ['another encoding', 'a.yaml', Buffer.from(`\uFEFF${application('a')}`, 'utf16le'), /not UTF-8/],
    [
      'a file of 10 MB',
      'a.yaml',
      `${application('a')}#${'x'.repeat(10 * 1024 * 1024)}`,
      /has 10 MiB, more than the 8 MiB/,
    ],
    [
      'aliases without end',
      'a.yaml',
      `${application('a')}a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((key, index) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(',')}]\n`).join('')}`,
      /alias/i,
    ],
  ])(
    '%s: an error for a file that is named, a problem for one of a folder',
    async (_, name, content, message) => {
      const path = await write(name, content)
      await write('good.yaml', application('good'))
      await expect(read([path])).rejects.toThrow(message)
      const { applications, problems } = await read([folder])
      expect(applications).toHaveLength(1)
      expect(problems).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })])
    },
  )

  it('reads 8 MiB and no more from standard input', async () => {
    const input = 'x'.repeat(LARGEST_FILE + 1)
    await expect(read(['-'], { input })).rejects.toThrow('standard input has 8 MiB, more than')
  })
})

describe('isInside', () => {
  it.each([
    ['/a/b', '/a/b/c.yaml', true],
    ['/a/b', '/a/b', true],
    ['/a/b', '/a/c.yaml', false],
    ['/a/b', '/a/bc/d.yaml', false],
    ['/a/b', '/a/b/..c/d.yaml', true],
  ])('POSIX: %s, %s: %s', (root, path, expected) => {
    expect(isInside(root, path, nodePath.posix)).toBe(expected)
  })

  it.each([
    ['C:\\a\\b', 'C:\\a\\b\\c.yaml', true],
    ['C:\\a\\b', 'c:\\A\\B\\c.yaml', true],
    ['C:\\a\\b', 'D:\\a\\b\\c.yaml', false],
    ['C:\\a\\b', 'C:\\a\\c.yaml', false],
    ['C:\\a\\b', '\\\\server\\share\\c.yaml', false],
  ])('Windows: %s, %s: %s', (root, path, expected) => {
    expect(isInside(root, path, nodePath.win32)).toBe(expected)
  })
})
