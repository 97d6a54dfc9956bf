import { X509Certificate } from 'node:crypto'
import { isAlias, isScalar, type LineCounter, type Node, type Document as YamlDocument } from 'yaml'
import { UserError } from '../../errors.ts'

/** A registries.conf that cannot be used; the message names file, line and key. */
export class RegistriesConfError extends UserError {}

/** One value and where it stands. */
export interface Field {
  readonly key: string
  readonly node: Node | null
  /** Counted from 1. */
  readonly line: number
}

/** A registries.conf while it is read: what its lines are called and what its aliases mean. */
export class SourceText {
  readonly name: string
  readonly #lines: LineCounter
  readonly #document: YamlDocument

  /** `name`: how messages call the text, a path or `ConfigMap argocd/argocd-image-updater-config`. */
  constructor(name: string, lines: LineCounter, document: YamlDocument) {
    this.name = name
    this.#lines = lines
    this.#document = document
  }

  lineOf(node: Node | null | undefined): number {
    return node?.range ? this.#lines.linePos(node.range[0]).line : 1
  }

  resolved(node: Node | null | undefined): Node | null {
    return (isAlias(node) ? node.resolve(this.#document) : node) ?? null
  }

  error(line: number, what: string, remedy: string): RegistriesConfError {
    return new RegistriesConfError(`${this.name}, line ${line}: ${what}`, remedy)
  }

  /** The value as text, whatever YAML takes it for: `1.20` stays `1.20`. */
  text({ key, node, line }: Field): string {
    const scalar = this.resolved(node)
    if (!isScalar(scalar) || scalar.value === null) {
      throw this.error(line, `${key} must be a single value`, `Write ${key}: <value>`)
    }
    return (typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value))).trim()
  }

  /** true or false, also in the words of YAML 1.1. */
  boolean(field: Field): boolean {
    const word = this.text(field).toLowerCase()
    if (['true', 'yes', 'on'].includes(word)) return true
    if (['false', 'no', 'off'].includes(word)) return false
    throw this.error(field.line, `${field.key} "${word}" is neither true nor false`, 'Write true or false')
  }

  /** Requests a second; 0 for no limit. */
  limit(field: Field): number {
    const text = this.text(field)
    if (/^[0-9]{1,6}$/.test(text)) return Number(text)
    const what = `${field.key} "${text}" is not a number of requests a second`
    throw this.error(field.line, what, 'Write a whole number, for example 20, or 0 for no limit')
  }

  /** The address of an API, without a trailing slash. */
  apiUrl(field: Field): string {
    const text = this.text(field)
    const refuse = (why: string) =>
      this.error(
        field.line,
        `${field.key} "${text}" ${why}`,
        'Write for example https://registry.example.com',
      )
    if (!/^https?:\/\/./i.test(text) || !URL.canParse(text)) throw refuse('is not an http or https address')
    const url = new URL(text)
    if (url.username !== '' || url.password !== '') throw refuse('must not hold a user name or password')
    if (url.search !== '' || url.hash !== '') throw refuse('must not hold a query or fragment')
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  }

  /** `host[:port][/path]`, without slashes at its ends. */
  prefix(field: Field): string {
    const text = this.text(field).replace(/\/+$/, '')
    if (/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._-]+)*$/.test(text))
      return text
    const what = `${field.key} "${text}" is not a registry`
    throw this.error(field.line, what, 'Write host[:port][/path] as in image names, for example ghcr.io/org')
  }

  /** PEM with at least one certificate that can be read. */
  certificates(field: Field): string {
    const text = this.text(field)
    const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
    try {
      for (const certificate of certificates) new X509Certificate(certificate)
    } catch {
      certificates.length = 0
    }
    if (certificates.length > 0) return text
    throw this.error(
      field.line,
      `${field.key} holds no PEM certificate`,
      'Paste the certificate of the authority',
    )
  }
}
