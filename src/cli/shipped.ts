import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from '@oclif/core'

// What is shipped beside the code. The self-contained program has another form of this file, with everything inside:
// see packaging/bundle.ts.

export interface Package {
  readonly name: string
  /** Without a leading v. */
  readonly version: string
  readonly engines: { readonly node: string }
}

/** Every command with its flags, written when the program is built, so that none has to be loaded to know it. */
export interface Manifest {
  readonly commands: Readonly<Record<string, Command.Cached>>
}

/** The folder in which they are. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** package.json. */
export const PACKAGE = readJson('../../package.json') as Package

export function readManifest(): Manifest {
  return readJson('../manifest.json') as Manifest
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
}
