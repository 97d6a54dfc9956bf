// Makes what a release consists of, on Linux for all platforms, into packages/: an archive for each, the programs
// alone, krew's manifest, the bill of materials and checksums. The project must be built.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeArchive } from './archive.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import { bundle } from './bundle.ts'
import { compilePrograms, programPath } from './compile.ts'
import { manifestProblems } from './krew-rules.ts'
import { fillKrewTemplate } from './krew-template.ts'
import { signAdHoc, signatureProblems } from './mach-o-signature.ts'
import { archiveName, PLUGIN, packedProgram, tagName } from './release-names.ts'
import { TARGETS, type Target, targetName } from './targets.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PACKAGES = join(ROOT, 'packages')

await compilePrograms(TARGETS)
for (const name of ['programs', 'checksums.txt', `${PLUGIN}.yaml`, ...TARGETS.map(archiveName)])
  rmSync(join(PACKAGES, name), { force: true, recursive: true })
mkdirSync(PACKAGES, { recursive: true })

const hashes = new Map<string, string>()
for (const target of TARGETS) {
  const name = archiveName(target)
  await writeArchive(join(PACKAGES, name), filesFor(target))
  note(name)
}
const manifest = fillKrewTemplate(readFileSync(join(ROOT, '.krew.yaml'), 'utf8'), tagName(), (address) => {
  const hash = hashes.get(basename(address))
  if (hash === undefined) throw new Error(`.krew.yaml names ${address}, which is not made`)
  return hash
})
const problems = manifestProblems(`${PLUGIN}.yaml`, manifest)
if (problems.length > 0) throw new Error(`krew would refuse the manifest: ${problems.join('; ')}`)
write(`${PLUGIN}.yaml`, manifest)
write('sbom.cdx.json', `${JSON.stringify(billOfMaterials(await bundledFiles()), null, 2)}\n`)
writeFileSync(
  join(PACKAGES, 'checksums.txt'),
  [...hashes].map(([name, hash]) => `${hash}  ${name}\n`).join(''),
)

function filesFor(target: Target) {
  const program = startable(target, readFileSync(programPath(target)))
  const path = join(PACKAGES, packedProgram(target))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, program, { mode: 0o755 })
  const license = readFileSync(join(ROOT, 'LICENSE'))
  return [
    { name: 'LICENSE', content: license, executable: false },
    { name: target.executable, content: program, executable: true },
  ]
}

/** The compiler leaves the signature of darwin/amd64 as it was before it put the program in. */
function startable(target: Target, program: Buffer): Buffer {
  if (target.os !== 'darwin' || signatureProblems(program).length === 0) return program
  const signed = signAdHoc(program, target.executable)
  const problems = signatureProblems(signed)
  if (problems.length > 0) throw new Error(`${targetName(target)}: ${problems.join('; ')}`)
  return signed
}

async function bundledFiles(): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'image-updater-bundle-'))
  try {
    return await bundle(join(folder, 'image-updater.cjs'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function write(name: string, text: string): void {
  writeFileSync(join(PACKAGES, name), text)
  note(name)
}

function note(name: string): void {
  hashes.set(
    name,
    createHash('sha256')
      .update(readFileSync(join(PACKAGES, name)))
      .digest('hex'),
  )
  console.log(join(PACKAGES, name))
}
