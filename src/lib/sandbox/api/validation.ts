import { equalJson, isObject, type JsonObject, listAt, objectAt, textAt, valueAt } from '../json.ts'
import { APP_PROJECT, APPLICATION, IMAGE_UPDATER, ROLLOUT } from './argo-schemas.ts'
import type { ResourceType } from './resource-type.ts'
import { type Schema, schemaCauses } from './schema.ts'
import { badRequest, invalid, type StatusCause } from './status.ts'

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const CUSTOM_SCHEMAS: Readonly<Record<string, Schema>> = {
  Application: APPLICATION,
  AppProject: APP_PROJECT,
  ImageUpdater: IMAGE_UPDATER,
  Rollout: ROLLOUT,
}

/**
 * What the API server checks before it stores an object: its name, the schema of a custom resource, the
 * pod template of a workload, what an Event and a Lease must say, and what may not change.
 * @throws ApiStatusError 422 with a cause a field, 400 for a time that cannot be decoded.
 */
export function validate(type: ResourceType, object: JsonObject, before?: JsonObject): void {
  checkMicroTimes(type, object)
  const schema = CUSTOM_SCHEMAS[type.kind]
  const causes = [
    ...nameCauses(type, textAt(object, 'metadata', 'name')),
    ...annotationCauses(object),
    ...(schema ? schemaCauses(schema, object) : []),
    ...(type.group === 'apps' ? workloadCauses(type, object, before) : []),
    ...(type.kind === 'Pod' ? containerCauses(object, 'spec') : []),
    ...(type.kind === 'Event' ? eventCauses(object) : []),
    ...(type.kind === 'Lease' ? leaseCauses(object) : []),
  ]
  if (causes.length > 0) throw invalid(type, textAt(object, 'metadata', 'name'), causes)
}

function nameCauses(type: ResourceType, name: string): StatusCause[] {
  const field = 'metadata.name'
  if (name === '') {
    return [
      { reason: 'FieldValueRequired', message: 'Required value: name or generateName is required', field },
    ]
  }
  const label = type.kind === 'Namespace'
  const ok = label
    ? name.length <= 63 && new RegExp(`^${LABEL}$`).test(name)
    : name.length <= 253 && new RegExp(`^${SUBDOMAIN}$`).test(name)
  if (ok) return []
  const rule = label
    ? `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`
    : `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`
  return [{ reason: 'FieldValueInvalid', message: `Invalid value: "${name}": ${rule}`, field }]
}

function annotationCauses(object: JsonObject): StatusCause[] {
  return ['annotations', 'labels'].flatMap((map) => {
    const value = valueAt(object, 'metadata', map)
    if (value === undefined || value === null) return []
    const bad = isObject(value) ? Object.entries(value).find(([, text]) => typeof text !== 'string') : [map]
    if (!bad) return []
    return [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: must be a map of strings',
        field: `metadata.${map}`,
      },
    ]
  })
}

function workloadCauses(
  type: ResourceType,
  object: JsonObject,
  before: JsonObject | undefined,
): StatusCause[] {
  const selector = objectAt(object, 'spec', 'selector', 'matchLabels')
  const labels = objectAt(object, 'spec', 'template', 'metadata', 'labels')
  const causes: StatusCause[] = []
  if (!isObject(valueAt(object, 'spec', 'selector'))) {
    causes.push({ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' })
  } else if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) {
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
      field: 'spec.template.metadata.labels',
    })
  }
  if (before && !equalJson(valueAt(before, 'spec', 'selector'), valueAt(object, 'spec', 'selector'))) {
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(selector)}: field is immutable`,
      field: 'spec.selector',
    })
  }
  if (type.kind !== 'ReplicaSet' || isObject(valueAt(object, 'spec', 'template'))) {
    causes.push(...containerCauses(object, 'spec', 'template', 'spec'))
  }
  return causes
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']

function containerCauses(object: JsonObject, ...path: string[]): StatusCause[] {
  const field = `${path.join('.')}.containers`
  const containers = listAt(object, ...path, 'containers')
  if (containers.length === 0) return [{ reason: 'FieldValueRequired', message: 'Required value', field }]
  return containers.flatMap((container, index) => {
    const required = ['name', 'image']
      .filter((key) => textAt(container, key) === '')
      .map((key) => ({
        reason: 'FieldValueRequired',
        message: 'Required value',
        field: `${field}[${index}].${key}`,
      }))
    const policy = textAt(container, 'imagePullPolicy')
    if (PULL_POLICIES.includes(policy)) return required
    return [
      ...required,
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: "${policy}": supported values: "Always", "IfNotPresent", "Never"`,
        field: `${field}[${index}].imagePullPolicy`,
      },
    ]
  })
}

/** metav1.MicroTime takes six digits after the point and nothing else. */
const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)$/
const MICRO_TIME_FIELDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Event: [['eventTime']],
  Lease: [
    ['spec', 'acquireTime'],
    ['spec', 'renewTime'],
  ],
}

function checkMicroTimes(type: ResourceType, object: JsonObject): void {
  for (const path of MICRO_TIME_FIELDS[type.kind] ?? []) {
    const value = valueAt(object, ...path)
    if (typeof value !== 'string' || MICRO_TIME.test(value)) continue
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: parsing time "${value}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "${value}"`,
    )
  }
}

const MOST_NOTE = 1024
const MOST_NAME = 128

/** core/v1 Events: what k8s.io/kubernetes/pkg/apis/core/validation/events.go asks of them. */
function eventCauses(event: JsonObject): StatusCause[] {
  const causes: StatusCause[] = []
  const namespace = textAt(event, 'metadata', 'namespace')
  const involved = textAt(event, 'involvedObject', 'namespace')
  if (involved === '' ? namespace !== 'default' : involved !== namespace) {
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: "${involved}": does not match event.namespace`,
      field: 'involvedObject.namespace',
    })
  }
  // Without eventTime it is an Event of the old kind, of which nothing more is asked.
  if (textAt(event, 'eventTime') === '') return causes
  for (const field of ['reportingComponent', 'reportingInstance', 'action', 'reason']) {
    const { length } = textAt(event, field)
    if (length === 0) causes.push({ reason: 'FieldValueRequired', message: 'Required value', field })
    else if (length > MOST_NAME) causes.push(tooLong(field, MOST_NAME))
  }
  if (Buffer.byteLength(textAt(event, 'message')) > MOST_NOTE) causes.push(tooLong('message', MOST_NOTE))
  return causes
}

function tooLong(field: string, most: number): StatusCause {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: "": can have at most ${most} characters`,
    field,
  }
}

function leaseCauses(lease: JsonObject): StatusCause[] {
  const seconds = valueAt(lease, 'spec', 'leaseDurationSeconds')
  if (typeof seconds !== 'number' || seconds > 0) return []
  return [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${seconds}: must be greater than 0`,
      field: 'spec.leaseDurationSeconds',
    },
  ]
}
