import { UserError } from '../errors.ts'
import { pointerStep } from './json-patch.ts'

/** A field of an object from outside does not have the shape its type promises. */
export class MalformedFieldError extends UserError {}

/**
 * A place inside an object from outside. It knows its own name, so that whatever turns out to be wrong
 * there can be reported by field, and its JSON Pointer, so that it can be patched.
 *
 * `null` reads as absent, as it does for the API server.
 */
export class ObjectField {
  /** Whose field it is, for messages: `application "shop"`. */
  readonly owner: string
  /** As people write it: `spec.sources[1].helm`. */
  readonly path: string
  /** RFC 6901: `/spec/sources/1/helm`. */
  readonly pointer: string
  readonly value: unknown

  constructor(owner: string, value: unknown, path = '', pointer = '') {
    this.owner = owner
    this.value = value ?? undefined
    this.path = path
    this.pointer = pointer
  }

  /** The member `name`; a field without a value when there is none. @throws MalformedFieldError when this is no object. */
  member(name: string): ObjectField {
    const path = this.path === '' ? name : `${this.path}.${name}`
    const members = this.members()
    const value = members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined
    return new ObjectField(this.owner, value, path, `${this.pointer}/${pointerStep(name)}`)
  }

  /** All members, or undefined when absent. @throws MalformedFieldError when it is no object. */
  members(): Readonly<Record<string, unknown>> | undefined {
    if (this.value === undefined) return undefined
    if (typeof this.value === 'object' && !Array.isArray(this.value)) {
      return this.value as Readonly<Record<string, unknown>>
    }
    throw this.malformed('an object')
  }

  /** The items of a list; none when absent. @throws MalformedFieldError when it is no list. */
  items(): readonly ObjectField[] {
    if (this.value === undefined) return []
    if (!Array.isArray(this.value)) throw this.malformed('a list')
    return this.value.map(
      (item, index) =>
        new ObjectField(this.owner, item, `${this.path}[${index}]`, `${this.pointer}/${index}`),
    )
  }

  /** The text, '' when absent. @throws MalformedFieldError when it is no text. */
  text(): string {
    if (this.value === undefined) return ''
    if (typeof this.value === 'string') return this.value
    throw this.malformed('a text')
  }

  /** true only for a written `true`. @throws MalformedFieldError for anything but true, false or absent. */
  flag(): boolean {
    if (this.value === undefined) return false
    if (typeof this.value === 'boolean') return this.value
    throw this.malformed('true or false')
  }

  /** The same place with its member `name` replaced; this field itself stays as it is. */
  withMember(name: string, value: unknown): ObjectField {
    return new ObjectField(this.owner, { ...this.members(), [name]: value }, this.path, this.pointer)
  }

  /** The error for a value of another shape than `wanted`, named by owner and path. */
  malformed(wanted: string): MalformedFieldError {
    const found = Array.isArray(this.value) ? 'a list' : `${typeof this.value}`
    return new MalformedFieldError(
      `${this.owner}: ${this.path} is not ${wanted} but ${found}`,
      `Correct ${this.path} of ${this.owner}`,
    )
  }
}
