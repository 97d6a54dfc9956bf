import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readClusterRegistries, readRegistriesFile } from '../../src/lib/engine/registries-conf.ts'
import {
  configMap,
  objectCluster,
  privateRegistry,
  script,
  temporaryFolder,
} from '../engine/credential-world.ts'
import { world } from '../engine/registries.ts'

const CONFIG_MAP = 'configmaps/argocd/argocd-image-updater-config'
const entry = (host: string, ...lines: string[]) =>
  [
    'registries:',
    '- name: Corp',
    `  api_url: http://${host}`,
    `  prefix: ${host}`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n')

async function fromCluster(text: string) {
  const warnings: string[] = []
  const cluster = objectCluster({ [CONFIG_MAP]: configMap(text) })
  const found = await readClusterRegistries(cluster, false, (line) => warnings.push(line))
  return { cluster, found, warnings }
}

describe('a registries.conf of the cluster', () => {
  it('S1: runs no program of this machine, which the same file of the operator does', async () => {
    const folder = await temporaryFolder()
    const marker = join(folder, 'ran')
    const login = await script(folder, 'login', `touch ${marker}`, 'echo me:secret')
    const registry = await privateRegistry(() => 'me:secret')
    const text = entry(registry.host, `credentials: ext:${login}`)

    const { cluster, found, warnings } = await fromCluster(text)
    const hostile = world(cluster, [registry.host], { found })
    await expect(hostile.access.listTags(hostile.image())).rejects.toThrow('wants a login')
    expect(existsSync(marker)).toBe(false)
    expect(registry.logins).toEqual([])
    expect(warnings[0]).toContain(
      `credentials ext:${login} of "Corp" is not used: a cluster may not run programs`,
    )

    await writeFile(join(folder, 'own.conf'), text)
    const own = world(cluster, [registry.host], {
      found: await readRegistriesFile(join(folder, 'own.conf'), () => {}),
    })
    expect((await own.access.listTags(own.image())).tags).toEqual([{ tag: '1.0.0' }])
    expect(existsSync(marker)).toBe(true)
  })

  it('S2: reads no variable of this environment, which the same file of the operator does', async () => {
    const registry = await privateRegistry(() => 'me:secret')
    const text = entry(registry.host, 'credentials: env:LOGIN')
    const env = { LOGIN: 'me:secret' }

    const { cluster, found, warnings } = await fromCluster(text)
    const hostile = world(cluster, [registry.host], { found, env })
    await expect(hostile.access.listTags(hostile.image())).rejects.toThrow('wants a login')
    expect(registry.logins).toEqual([])
    expect(warnings[0]).toContain('credentials env:LOGIN of "Corp" is not used')

    const folder = await temporaryFolder()
    await writeFile(join(folder, 'own.conf'), text)
    const own = world(cluster, [registry.host], {
      env,
      found: await readRegistriesFile(join(folder, 'own.conf'), () => {}),
    })
    await own.access.listTags(own.image())
    expect(registry.logins).toEqual(['me:secret'])
  })

  it.each([
    ['insecure: true', 'may not switch off the check of certificates'],
    ['ca_file: /etc/passwd', 'may not name files of your machine'],
  ])('%s is not used', async (line, why) => {
    const { found, warnings } = await fromCluster(entry('registry.example.com', line))
    const [restricted] = found.entries
    expect([restricted?.insecure, restricted?.caFile]).toEqual([false, undefined])
    expect(warnings).toEqual([
      expect.stringContaining(`line 2: ${line.replace(': /', ' /')} of "Corp" is not used`),
    ])
    expect(warnings[0]).toContain(why)
  })

  it('opens neither plain http nor this machine, which only the operator can', async () => {
    const registry = await privateRegistry(() => '')
    const { cluster, found } = await fromCluster(entry(registry.host))
    const { access, image } = world(cluster, [], { found })
    const wanted = { ...image(), registry: registry.host }
    await expect(access.listTags(wanted)).rejects.toThrow(`its api_url http://${registry.host} is plain http`)
    const { found: secure } = await fromCluster(entry(registry.host).replace('http://', 'https://'))
    const other = world(cluster, [], { found: secure })
    await expect(other.access.listTags(wanted)).rejects.toThrow('is a loopback address')
    expect(registry.requests).toEqual([])
  })
})

describe.runIf(process.platform !== 'win32')('files that others can change', () => {
  it('S1: are not believed: a registries.conf', async () => {
    const file = join(await temporaryFolder(), 'registries.conf')
    await writeFile(file, '')
    await chmod(file, 0o666)
    await expect(readRegistriesFile(file, () => {})).rejects.toThrow(
      `every user of this machine may change ${file}`,
    )
  })

  it('S1: are not run: a credential program', async () => {
    const folder = await temporaryFolder()
    const login = await script(folder, 'login', `touch ${folder}/ran`, 'echo me:secret')
    await writeFile(join(folder, 'own.conf'), entry('registry.example.com', `credentials: ext:${login}`))
    await chmod(login, 0o777)
    const found = await readRegistriesFile(join(folder, 'own.conf'), () => {})
    const { access, image } = world(objectCluster({}), [], { found })
    await expect(access.listTags({ ...image(), registry: 'registry.example.com' })).rejects.toThrow(
      `every user of this machine may change ${login}`,
    )
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})
