import type { Budget } from './budget.ts'
import { FunctionError } from './function-error.ts'
import { exponentText, floatText, valueText } from './print-value.ts'
import { quoted } from './quote.ts'
import { type GoValue, typeName } from './value.ts'

/** Wider than any message needs; Go's own limit is a million. */
const WIDEST = 1000
const DIRECTIVE = /%([-+# 0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?(.|$)/gsu

interface Directive {
  readonly verb: string
  readonly flags: string
  readonly width: number
  readonly precision?: number
}

/**
 * Go's fmt.Sprintf for the verbs that text needs: v + T s q x X d b o c U t e f g %. As in Go a wrong verb
 * shows as `%!d(string=x)`, a missing value as `%!d(MISSING)`, one too many as `%!(EXTRA string=x)`.
 *
 * @throws FunctionError for argument numbers (`%[1]s`), `%#v`, and widths over 1000.
 */
export function formatted(format: GoValue, values: readonly GoValue[], budget: Budget): string {
  if (typeof format !== 'string')
    throw new FunctionError(`printf takes a format first, not ${typeName(format)}`)
  const waiting = [...values]
  const text = format.replace(
    DIRECTIVE,
    (_, flags: string, width?: string, precision?: string, verb?: string) => {
      if (verb === '%') return '%'
      if (!verb) return '%!(NOVERB)'
      if (verb === '[') throw new FunctionError('printf knows no argument numbers like %[1]s')
      if (verb === 'v' && flags.includes('#')) throw new FunctionError('printf does not know %#v')
      const wide = amount(width, waiting)
      const exact = precision === undefined ? undefined : Math.abs(amount(precision, waiting))
      const value = waiting.shift()
      if (value === undefined) return `%!${verb}(MISSING)`
      const left = wide < 0 && !flags.includes('-') ? `${flags}-` : flags
      const directive = {
        verb,
        flags: left,
        width: Math.abs(wide),
        ...(exact !== undefined && { precision: exact }),
      }
      const made = padded(converted(value, directive), value, directive)
      budget.make(made.length)
      return made
    },
  )
  if (waiting.length === 0) return text
  return `${text}%!(EXTRA ${waiting.map((value) => `${typeName(value)}=${valueText(value)}`).join(', ')})`
}

function amount(written: string | undefined, waiting: GoValue[]): number {
  const value = written === '*' ? waiting.shift() : BigInt(written || 0)
  if (typeof value !== 'bigint') throw new FunctionError('the * of printf takes an integer')
  if (value > WIDEST || value < -WIDEST) throw new FunctionError(`printf makes no text wider than ${WIDEST}`)
  return Number(value)
}

function converted(value: GoValue, directive: Directive): string {
  const { verb, flags } = directive
  if (verb === 'T') return typeName(value)
  if (verb === 'v' && typeof value !== 'number' && typeof value !== 'bigint')
    return valueText(value, flags.includes('+'))
  if (Array.isArray(value))
    return `[${(value as readonly GoValue[]).map((item) => converted(item, directive)).join(' ')}]`
  const text =
    typeof value === 'string'
      ? stringText(value, directive)
      : typeof value === 'bigint'
        ? integerText(value, directive)
        : typeof value === 'number'
          ? floatingText(value, directive)
          : verb === 't' && typeof value === 'boolean'
            ? String(value)
            : undefined
  return text ?? `%!${verb}(${value === null ? '<nil>' : `${typeName(value)}=${valueText(value)}`})`
}

function stringText(value: string, { verb, flags, precision }: Directive): string | undefined {
  const text = precision === undefined ? value : [...value].slice(0, precision).join('')
  if (verb === 's') return text
  if (verb === 'q') return quoted(text, flags.includes('+'))
  if (verb === 'x') return Buffer.from(text).toString('hex')
  return verb === 'X' ? Buffer.from(text).toString('hex').toUpperCase() : undefined
}

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, x: 16, X: 16, b: 2, o: 8 }
const PREFIXES: Readonly<Record<string, string>> = { x: '0x', X: '0X', b: '0b', o: '0' }

function integerText(value: bigint, { verb, flags, precision = 0 }: Directive): string | undefined {
  if (verb === 'c' || verb === 'q' || verb === 'U') {
    const known = value >= 0n && value <= 0x10ffffn
    const code = known ? Number(value) : 0xfffd
    if (verb === 'U') return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`
    const character = String.fromCodePoint(code).toWellFormed()
    return verb === 'c' ? character : `'${quoted(character, false, "'").slice(1, -1)}'`
  }
  const base = BASES[verb]
  if (base === undefined) return undefined
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision, '0')
  const prefix = flags.includes('#') ? (PREFIXES[verb] ?? '') : ''
  return `${signOf(value < 0n, flags)}${prefix}${verb === 'X' ? digits.toUpperCase() : digits}`
}

function floatingText(value: number, { verb, flags, precision }: Directive): string | undefined {
  const size = Math.abs(value)
  const sign = signOf(value < 0 || Object.is(value, -0), flags)
  const exact = Math.min(precision ?? 6, 100)
  if (!'vgGeEfF'.includes(verb)) return undefined
  if (!Number.isFinite(value)) return floatText(value)
  if (verb === 'f' || verb === 'F') return sign + fixed(size, exact)
  if (verb === 'e' || verb === 'E') {
    const text = exponential(size.toExponential(exact))
    return sign + (verb === 'E' ? text.toUpperCase() : text)
  }
  const text = precision === undefined ? floatText(size) : general(size, Math.max(precision, 1))
  return sign + (verb === 'G' ? text.toUpperCase() : text)
}

/** Number.toFixed changes to exponents from 1e21 on; such numbers are whole. */
function fixed(size: number, digits: number): string {
  if (size < 1e21) return size.toFixed(digits)
  return `${BigInt(size)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`
}

function general(size: number, digits: number): string {
  const [mantissa = '', power = '0'] = size.toExponential(Math.min(digits, 100) - 1).split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= digits) return `${withoutZeros(mantissa)}${exponentText(exponent)}`
  return withoutZeros(size.toFixed(Math.max(0, Math.min(100, digits - 1 - exponent))))
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function exponential(text: string): string {
  const [digits = '', power = '0'] = text.split('e')
  return `${digits}${exponentText(Number(power))}`
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return '-'
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
}

function padded(text: string, value: GoValue, { flags, width, precision, verb }: Directive): string {
  const missing = width - [...text].length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  const isNumber = typeof value === 'bigint' || typeof value === 'number'
  const zeros =
    flags.includes('0') && isNumber && !(typeof value === 'bigint' && precision !== undefined) && verb !== 'T'
  if (!zeros) return ' '.repeat(missing) + text
  const sign = /^[-+ ]/.exec(text)?.[0] ?? ''
  return sign + '0'.repeat(missing) + text.slice(sign.length)
}
