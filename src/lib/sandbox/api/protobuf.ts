import { type Json, type JsonObject, setKey } from '../json.ts'
import { badRequest } from './status.ts'

/** How a field of a message becomes JSON. */
type FieldKind = 'string' | 'bytes' | 'int' | 'bool' | 'time' | Message
interface Field {
  readonly name: string
  readonly kind: FieldKind
  readonly shape: 'one' | 'list' | 'map'
}
interface Message {
  readonly [number: number]: Field
}

const one = (name: string, kind: FieldKind = 'string'): Field => ({ name, kind, shape: 'one' })
const list = (name: string, kind: FieldKind = 'string'): Field => ({ name, kind, shape: 'list' })
const map = (name: string, kind: FieldKind = 'string'): Field => ({ name, kind, shape: 'map' })

// Field numbers: the generated.proto files of k8s.io/api and k8s.io/apimachinery. Only what kubectl's
// `create` and `auth` commands fill in; everything else they send as JSON.
const METADATA: Message = {
  1: one('name'),
  2: one('generateName'),
  3: one('namespace'),
  5: one('uid'),
  6: one('resourceVersion'),
  8: one('creationTimestamp', 'time'),
  11: map('labels'),
  12: map('annotations'),
  14: list('finalizers'),
}
const CONTAINER: Message = {
  1: one('name'),
  2: one('image'),
  3: list('command'),
  4: list('args'),
  6: list('ports', {
    1: one('name'),
    2: one('hostPort', 'int'),
    3: one('containerPort', 'int'),
    4: one('protocol'),
  }),
  7: list('env', { 1: one('name'), 2: one('value') }),
  8: one('resources', {}),
  14: one('imagePullPolicy'),
}
const TEMPLATE: Message = {
  1: one('metadata', METADATA),
  2: one('spec', {
    2: list('containers', CONTAINER),
    3: one('restartPolicy'),
    14: one('securityContext', {}),
  }),
}
const MESSAGES: Readonly<Record<string, Message>> = {
  Namespace: { 1: one('metadata', METADATA), 2: one('spec', {}), 3: one('status', {}) },
  Secret: {
    1: one('metadata', METADATA),
    2: map('data', 'bytes'),
    3: one('type'),
    5: one('immutable', 'bool'),
  },
  ConfigMap: { 1: one('metadata', METADATA), 2: map('data'), 3: map('binaryData', 'bytes') },
  Deployment: {
    1: one('metadata', METADATA),
    2: one('spec', {
      1: one('replicas', 'int'),
      2: one('selector', { 1: map('matchLabels') }),
      3: one('template', TEMPLATE),
      4: one('strategy', { 1: one('type') }),
    }),
    3: one('status', {}),
  },
  SelfSubjectAccessReview: {
    1: one('metadata', METADATA),
    2: one('spec', {
      1: one('resourceAttributes', {
        1: one('namespace'),
        2: one('verb'),
        3: one('group'),
        4: one('version'),
        5: one('resource'),
        6: one('subresource'),
        7: one('name'),
      }),
      2: one('nonResourceAttributes', { 1: one('path'), 2: one('verb') }),
    }),
    3: one('status', {}),
  },
  SelfSubjectReview: { 1: one('metadata', METADATA), 2: one('status', { 1: one('userInfo', {}) }) },
}

/** Every protobuf body of Kubernetes begins with these four bytes. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00])

/**
 * Reads the protobuf that kubectl's typed commands send (`create namespace|secret|configmap|deployment`,
 * `auth can-i`): a `runtime.Unknown` around the object.
 * @throws ApiStatusError 400 when it is malformed or holds something else.
 */
export function readProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, 4).equals(MAGIC)) throw malformed('it does not begin with "k8s\\0"')
  let apiVersion = ''
  let kind = ''
  let raw: Buffer = Buffer.alloc(0)
  for (const [number, value] of wireFields(body.subarray(4))) {
    if (number === 1 && Buffer.isBuffer(value)) {
      for (const [part, text] of wireFields(value)) {
        if (part === 1) apiVersion = text.toString()
        if (part === 2) kind = text.toString()
      }
    }
    if (number === 2 && Buffer.isBuffer(value)) raw = value
  }
  const message = Object.hasOwn(MESSAGES, kind) ? MESSAGES[kind] : undefined
  if (!message) throw malformed(`the sandbox reads no ${kind || 'such kind'} as protobuf; send JSON`)
  return { kind, apiVersion, ...decode(message, raw) }
}

function decode(message: Message, bytes: Buffer): JsonObject {
  const object: JsonObject = {}
  for (const [number, value] of wireFields(bytes)) {
    const field = message[number]
    if (!field) {
      // An empty text or struct says nothing; a field with content must not be lost silently.
      if (Buffer.isBuffer(value) && value.length > 0)
        throw malformed(`field ${number} is not known here; send JSON`)
      continue
    }
    const existing = object[field.name]
    if (field.shape === 'list') {
      setKey(object, field.name, [...(Array.isArray(existing) ? existing : []), scalar(field.kind, value)])
    } else if (field.shape === 'map') {
      const entry = new Map(wireFields(asBytes(value)))
      const key = asBytes(entry.get(1) ?? Buffer.alloc(0)).toString('utf8')
      const entries = (existing ?? {}) as JsonObject
      setKey(entries, key, scalar(field.kind, entry.get(2) ?? Buffer.alloc(0)))
      setKey(object, field.name, entries)
    } else if (!isEmptyText(field.kind, value)) setKey(object, field.name, scalar(field.kind, value))
  }
  return object
}

function isEmptyText(kind: FieldKind, value: Buffer | bigint): boolean {
  return kind === 'time' || (kind === 'string' && Buffer.isBuffer(value) && value.length === 0)
}

function scalar(kind: FieldKind, value: Buffer | bigint): Json {
  if (kind === 'int') return Number(BigInt.asIntN(64, typeof value === 'bigint' ? value : 0n))
  if (kind === 'bool') return value === 1n
  const bytes = asBytes(value)
  if (kind === 'bytes') return bytes.toString('base64')
  if (kind === 'string' || kind === 'time') return bytes.toString('utf8')
  return decode(kind, bytes)
}

function asBytes(value: Buffer | bigint): Buffer {
  if (!Buffer.isBuffer(value)) throw malformed('a length was expected')
  return value
}

/** The fields of one message as they come on the wire: varints and length-delimited ones. */
function* wireFields(bytes: Buffer): Generator<[number: number, value: Buffer | bigint]> {
  const position = { at: 0 }
  while (position.at < bytes.length) {
    const tag = varint(bytes, position)
    const number = Number(tag >> 3n)
    const wireType = Number(tag & 7n)
    const value = varint(bytes, position)
    if (wireType === 0) {
      yield [number, value]
      continue
    }
    const end = position.at + Number(value)
    if (wireType !== 2 || end > bytes.length) throw malformed('a field does not fit')
    yield [number, bytes.subarray(position.at, end)]
    position.at = end
  }
}

function varint(bytes: Buffer, position: { at: number }): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[position.at]
    if (byte === undefined) break
    position.at += 1
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw malformed('a number does not end')
}

function malformed(why: string): Error {
  return badRequest(`the protobuf body cannot be read: ${why}`)
}
