import { nearestWord } from '../../nearest.ts'
import type { RuleProblem } from '../update-rule.ts'

/** A problem at a place in a resource; who carries it and whom it stops is known elsewhere. */
export type FieldProblem = Pick<RuleProblem, 'severity' | 'key' | 'value' | 'problem' | 'remedy'>

/** Where what is found goes: faults stop whatever is being read, remarks are told once and stop nothing. */
export interface FieldNotes {
  readonly faults: FieldProblem[]
  readonly remarks: FieldProblem[]
}

/** Far beyond what people write. */
const LONGEST_TEXT = 4096
const MOST_ITEMS = 500
const SHOWN = 60

/**
 * A place inside a resource from outside. A value of the wrong shape is noted as a fault by its path and
 * reads as absent; `null` is absent, as it is for the API server.
 */
export class ResourceField {
  /** As people write it: `spec.applicationRefs[0].namePattern`. */
  readonly path: string
  readonly value: unknown
  readonly notes: FieldNotes

  constructor(value: unknown, path: string, notes: FieldNotes) {
    this.value = value ?? undefined
    this.path = path
    this.notes = notes
  }

  get absent(): boolean {
    return this.value === undefined
  }

  /** The same place, whose faults from here on go elsewhere. */
  withFaults(faults: FieldProblem[]): ResourceField {
    return new ResourceField(this.value, this.path, { faults, remarks: this.notes.remarks })
  }

  /** The members with these names, with a remark about every other; undefined when this is no object. */
  members<Name extends string>(names: readonly Name[]): Readonly<Record<Name, ResourceField>> | undefined {
    const object = this.#object()
    if (object === undefined) return undefined
    for (const name of Object.keys(object)) {
      if (!(names as readonly string[]).includes(name)) this.#remarkUnknown(name, names)
    }
    const member = (name: Name) =>
      new ResourceField(
        Object.hasOwn(object, name) ? object[name] : undefined,
        `${this.path}.${name}`,
        this.notes,
      )
    return Object.fromEntries(names.map((name) => [name, member(name)])) as Record<Name, ResourceField>
  }

  /** The items of a list; none when it is absent or no list. */
  items(): readonly ResourceField[] {
    if (this.absent) return []
    if (!Array.isArray(this.value)) {
      this.fault('this is not a list', 'Write a list here')
      return []
    }
    if (this.value.length > MOST_ITEMS) {
      this.fault(`the list has ${this.value.length} items, more than ${MOST_ITEMS}`, 'Shorten it')
      return []
    }
    return this.value.map((item, index) => new ResourceField(item, `${this.path}[${index}]`, this.notes))
  }

  text(): string | undefined {
    if (this.absent) return undefined
    if (typeof this.value !== 'string') this.fault('this is not text', 'Write text here, in quotes')
    else if (this.value.length <= LONGEST_TEXT) return this.value
    else this.fault(`the text has more than ${LONGEST_TEXT} characters`, 'Shorten it')
    return undefined
  }

  flag(): boolean | undefined {
    if (this.absent || typeof this.value === 'boolean') return this.value as boolean | undefined
    this.fault('this is neither true nor false', 'Write true or false, without quotes')
    return undefined
  }

  texts(): string[] | undefined {
    if (this.absent) return undefined
    return this.items().flatMap((item) => item.text() ?? [])
  }

  /** An object of texts, as labels are. */
  textMap(): ReadonlyMap<string, string> {
    const entries = Object.entries(this.#object() ?? {}).flatMap(([name, value]): [string, string][] => {
      const text = new ResourceField(value, `${this.path}.${name}`, this.notes).text()
      return text === undefined ? [] : [[name, text]]
    })
    return new Map(entries)
  }

  fault(problem: string, remedy: string): void {
    this.notes.faults.push({ severity: 'error', ...this.#subject(), problem, remedy })
  }

  remark(severity: RuleProblem['severity'], problem: string, remedy: string): void {
    this.notes.remarks.push({ severity, ...this.#subject(), problem, remedy })
  }

  #subject(): { key: string; value: string } {
    const text = typeof this.value === 'string' ? this.value : (JSON.stringify(this.value) ?? '')
    return { key: this.path, value: text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text }
  }

  #object(): Readonly<Record<string, unknown>> | undefined {
    if (this.absent) return undefined
    if (typeof this.value === 'object' && !Array.isArray(this.value)) {
      return this.value as Readonly<Record<string, unknown>>
    }
    this.fault('this is not an object', 'Write its fields below it')
    return undefined
  }

  #remarkUnknown(name: string, names: readonly string[]): void {
    const nearest = nearestWord(name, names)
    const field = new ResourceField(
      this.#object()?.[name],
      `${this.path}.${name.slice(0, SHOWN)}`,
      this.notes,
    )
    field.remark(
      'warning',
      'an ImageUpdater has no such field',
      nearest ? `Did you mean ${nearest}?` : `Here it has ${names.join(', ')}`,
    )
  }
}
