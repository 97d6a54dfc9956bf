import { nearestWord } from '../nearest.ts'
import { NOTIFICATION_EVENTS, type NotificationEvent } from './notification.ts'
import { NotifyError } from './notify-error.ts'

export type DestinationKind = 'webhook' | 'slack' | 'command'

/** Where a text stands: in the flag itself, an environment variable or a file. */
export interface Source {
  readonly from: 'flag' | 'env' | 'file'
  /** The text, the variable's name or the file's path. */
  readonly value: string
}

/** `--notify` as it was written; nothing is read yet. */
export interface DestinationFlag {
  readonly kind: DestinationKind
  /** The URL; of a command, the program. */
  readonly target: Source
  readonly events: ReadonlySet<NotificationEvent>
  readonly template?: Source
  /** Only of webhooks; names in lower case. */
  readonly headers: readonly { readonly name: string; readonly value: Source }[]
}

export const DEFAULT_EVENTS: readonly NotificationEvent[] = ['applied', 'failed']

const KINDS: readonly DestinationKind[] = ['webhook', 'slack', 'command']
const OPTIONS = ['on', 'template', 'template-file']
const HEADER_OPTIONS = ['header-env', 'header-file']
const EXAMPLE = 'Write for example slack:url-env=SLACK_WEBHOOK,on=applied+failed'
/** What the connection itself needs, or what is always JSON. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'content-type',
  'host',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads `KIND:TARGET[,on=EVENT+EVENT][,header-env=NAME:VARIABLE][,template=TEXT]`. TARGET is a URL,
 * `url-env=VARIABLE` or `url-file=FILE`; of a command, a program. `template=` takes all that follows it.
 *
 * @throws NotifyError that quotes nothing which may be part of a URL.
 */
export function parseDestinationFlag(flag: string): DestinationFlag {
  const [, word = '', rest = ''] = /^([^:]*):?(.*)$/s.exec(flag) ?? []
  const kind = KINDS.find((each) => each === word)
  if (kind === undefined) throw unknownKind(word)
  const { parts, template } = splitTemplate(rest)
  if (template === '') throw new NotifyError(`--notify ${kind}: template= lacks its text`)
  const [target = '', ...options] = parts
  return {
    kind,
    target: readTarget(kind, target),
    ...readOptions(kind, options, template),
  }
}

function unknownKind(word: string): NotifyError {
  if (/^https?$/.test(word)) {
    return new NotifyError(`--notify "${word}:…" does not say what kind of destination the URL is`, EXAMPLE)
  }
  const shown = /^[\w-]{1,20}$/.test(word) ? `"${word}"` : 'its value'
  return new NotifyError(`--notify: ${shown} is no destination`, `${EXAMPLE}; kinds are ${KINDS.join(', ')}`)
}

/** A template has commas of its own, and so it comes last. */
function splitTemplate(text: string): { parts: string[]; template: string | undefined } {
  const mark = ',template='
  const start = text.indexOf(mark)
  if (start < 0) return { parts: text.split(','), template: undefined }
  return { parts: text.slice(0, start).split(','), template: text.slice(start + mark.length) }
}

function readTarget(kind: DestinationKind, text: string): Source {
  const [, place, value = ''] = /^url-(env|file)=(.*)$/s.exec(text) ?? []
  const wanted = kind === 'command' ? 'program' : 'URL'
  if (kind !== 'command' && (place === 'env' || place === 'file') && value !== '') {
    return { from: place, value }
  }
  if (text === '' || place !== undefined)
    throw new NotifyError(`--notify ${kind}: lacks its ${wanted}`, EXAMPLE)
  return { from: 'flag', value: text }
}

function readOptions(
  kind: DestinationKind,
  options: readonly string[],
  ownTemplate: string | undefined,
): Omit<DestinationFlag, 'kind' | 'target'> {
  let events: ReadonlySet<NotificationEvent> | undefined
  let template: Source | undefined =
    ownTemplate === undefined ? undefined : { from: 'flag', value: ownTemplate }
  const headers = new Map<string, Source>()
  for (const option of options) {
    const equals = option.indexOf('=')
    const name = equals < 0 ? option : option.slice(0, equals)
    const value = equals < 0 ? '' : option.slice(equals + 1)
    checkOption(kind, name, equals >= 0)
    if (value === '') throw new NotifyError(`--notify ${kind}: ${name}= lacks its value`)
    if (name === 'on') {
      if (events) throw twice(kind, 'on')
      events = readEvents(kind, value)
    } else if (name === 'template-file') {
      if (template) throw twice(kind, 'template')
      template = { from: 'file', value }
    } else {
      const header = readHeader(kind, name, value)
      if (headers.has(header.name)) throw twice(kind, header.name)
      headers.set(header.name, header.value)
    }
  }
  return {
    events: events ?? new Set(DEFAULT_EVENTS),
    ...(template && { template }),
    headers: [...headers].map(([name, value]) => ({ name, value })),
  }
}

function checkOption(kind: DestinationKind, name: string, hasValue: boolean): void {
  const known = kind === 'webhook' ? [...OPTIONS, ...HEADER_OPTIONS] : OPTIONS
  if (known.includes(name)) return
  const near = hasValue && nearestWord(name, known)
  throw new NotifyError(
    `--notify ${kind}: what follows a comma is no option`,
    `${near ? `Did you mean ${near}=? ` : ''}Options are ${known.map((each) => `${each}=`).join(', ')}; a comma in a URL is written %2C`,
  )
}

function readEvents(kind: DestinationKind, text: string): ReadonlySet<NotificationEvent> {
  if (text === 'all') return new Set(NOTIFICATION_EVENTS)
  const events = text.split('+').map((word) => {
    const event = NOTIFICATION_EVENTS.find((each) => each === word)
    if (event) return event
    throw new NotifyError(
      `--notify ${kind}: on=${text}: "${word}" is no event`,
      `Write all, or some of ${NOTIFICATION_EVENTS.join('+')}`,
    )
  })
  return new Set(events)
}

function readHeader(kind: DestinationKind, option: string, text: string) {
  const [, name = '', value = ''] = /^([^:]*):(.+)$/s.exec(text) ?? []
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    throw new NotifyError(
      `--notify ${kind}: ${option}= needs the name of a header and where its value is`,
      'Write for example header-env=Authorization:WEBHOOK_AUTHORIZATION',
    )
  }
  if (OWN_HEADERS.has(name.toLowerCase())) {
    throw new NotifyError(`--notify ${kind}: the header ${name} cannot be set`)
  }
  const from = option === 'header-env' ? 'env' : 'file'
  return { name: name.toLowerCase(), value: { from, value } satisfies Source }
}

function twice(kind: DestinationKind, what: string): NotifyError {
  return new NotifyError(`--notify ${kind}: ${what} is given twice`)
}
