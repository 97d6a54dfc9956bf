import { inject } from 'vitest'
import type { Platform } from '../../../src/lib/image/platform.ts'
import type { ServerAccess } from '../../../src/lib/sandbox/index.ts'
import type { TestbedAddresses } from '../../integration/testbed/addresses.ts'
import { openRealBackend } from './real-backend.ts'
import { openSandboxBackend } from './sandbox-backend.ts'

/** What an image that is pushed is to be. */
export interface PushOptions {
  /** Build date; default now. */
  readonly created?: Date
  /** Default linux/amd64 and linux/arm64. */
  readonly platforms?: readonly Platform[]
  readonly labels?: Readonly<Record<string, string>>
}

/** A registry in which images can be put, and asked for what a node would pull. */
export interface BackendRegistry {
  /** `127.0.0.1:port` */
  readonly host: string
  /** '' where none are needed. */
  readonly username: string
  readonly password: string
  /** @returns the digest the tag names now */
  push(
    repository: string,
    tag: string,
    options: PushOptions & { readonly labels: Readonly<Record<string, string>> },
  ): Promise<string>
  /** The digest a tag or digest names; undefined when there is none. */
  resolve(repository: string, reference: string): Promise<string | undefined>
}

/** An API server and a registry: all that differs between the two kinds of run. */
export interface Backend {
  /** As somebody who may do everything. */
  readonly access: ServerAccess
  readonly registry: BackendRegistry
  close(): Promise<void>
}

export interface BackendOptions {
  /** Whether the registry wants a user name and a password. */
  readonly authentication: boolean
}

/** The addresses of the real components; undefined when the suite runs on the sandbox. */
export function testbed(): TestbedAddresses | undefined {
  return inject('testbed') as TestbedAddresses | undefined
}

/** The real components where the run provides them, else a sandbox of its own. */
export function openBackend(options: BackendOptions): Promise<Backend> {
  const addresses = testbed()
  return addresses ? openRealBackend(addresses, options) : openSandboxBackend(options)
}
