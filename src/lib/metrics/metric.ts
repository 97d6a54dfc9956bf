import { printable } from '../terminal/escape.ts'

/** What a metric is, as its readers are told. */
export interface MetricDescription {
  /** `image_updater_cycles_total` */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Names of its labels. */
  readonly labels: readonly string[]
}

/** Label values by name, in the order of the description. */
export type LabelValues = Readonly<Record<string, string>>

/** Longer than any host or name that Kubernetes allows. */
const LONGEST_VALUE = 253

/** A counter or a gauge: a number for each set of label values. */
export class Metric {
  readonly description: MetricDescription
  readonly #values = new Map<string, number>()

  constructor(description: MetricDescription) {
    this.description = description
  }

  add(by: number, labels: LabelValues = {}): void {
    const key = labelText(labels)
    this.#values.set(key, (this.#values.get(key) ?? 0) + by)
  }

  set(value: number, labels: LabelValues = {}): void {
    this.#values.set(labelText(labels), value)
  }

  /** Says nothing any more. */
  clear(): void {
    this.#values.clear()
  }

  /** In Prometheus' text format. */
  get text(): string {
    const { name } = this.description
    return (
      headOf(this.description) +
      [...this.#values].map(([labels, value]) => line(name, labels, value)).join('')
    )
  }
}

/** How often something took how long, in buckets. Without labels. */
export class Histogram {
  readonly description: MetricDescription
  /** Upper limits, ascending. */
  readonly #limits: readonly number[]
  readonly #counts: number[]
  #count = 0
  #sum = 0

  constructor(description: MetricDescription, limits: readonly number[]) {
    this.description = description
    this.#limits = limits
    this.#counts = limits.map(() => 0)
  }

  observe(value: number): void {
    this.#limits.forEach((limit, index) => {
      if (value <= limit) this.#counts[index] = (this.#counts[index] ?? 0) + 1
    })
    this.#count += 1
    this.#sum += value
  }

  get text(): string {
    const { name } = this.description
    const buckets = this.#limits.map((limit, index) =>
      line(`${name}_bucket`, labelText({ le: String(limit) }), this.#counts[index] ?? 0),
    )
    const all = line(`${name}_bucket`, labelText({ le: '+Inf' }), this.#count)
    return `${headOf(this.description)}${buckets.join('')}${all}${line(`${name}_sum`, '', this.#sum)}${line(`${name}_count`, '', this.#count)}`
  }
}

function headOf({ help, name, type }: MetricDescription): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function line(name: string, labels: string, value: number): string {
  return `${name}${labels} ${value}\n`
}

/** `{registry="quay.io",code="200"}`; '' without labels. Values may come from outside. */
function labelText(labels: LabelValues): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return printable(value.slice(0, LONGEST_VALUE)).replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}
