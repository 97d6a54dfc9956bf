import type { KubernetesObject } from '../application/kubernetes-object.ts'

/** The data of a Secret, decoded one field at a time. Printed, it shows the names of its fields only. */
export class SecretFields {
  readonly #data: ReadonlyMap<string, string>

  /** @param secret as the API gives it; fields that are no text are left out */
  constructor({ data }: KubernetesObject) {
    const entries = typeof data === 'object' && data !== null ? Object.entries(data) : []
    this.#data = new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  }

  /** The text of a field without line breaks at its end, which editors and files add; '' when there is none. */
  text(name: string): string {
    const value = this.#data.get(name) ?? ''
    return Buffer.from(value, 'base64')
      .toString('utf8')
      .replace(/[\r\n]+$/, '')
  }

  /** Whether the field says yes as Go's strconv.ParseBool reads it. */
  flag(name: string): boolean {
    return /^(?:1|t|true)$/i.test(this.text(name).trim())
  }

  names(): readonly string[] {
    return [...this.#data.keys()]
  }
}
