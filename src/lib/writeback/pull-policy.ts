import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { ObjectField } from '../application/object-field.ts'
import { FIELD_MANAGER } from './field-manager.ts'
import { parseObject } from './rolled-digests.ts'

/** In which list of the Pod template a container is. */
export type ContainerList = 'containers' | 'initContainers'

/** Who decided a container's imagePullPolicy, for messages: `its manifest`, `field manager "helm"`; '' for nobody. */
export type PolicyAuthor = string

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * Who set `imagePullPolicy` of a container, as against the API server filling it in.
 *
 * The manifest as it was last applied decides where it is noted. Otherwise a field manager that owns
 * the field decides. With server-side apply it owns exactly what it sent. With any other request it owns
 * what the API server filled in as well; such a manager then also owns the container's other defaults,
 * and the field proves nothing if the last applied manifest is there and does not have it.
 *
 * @throws MalformedFieldError when `managedFields` has the wrong shape.
 */
export function pullPolicyAuthor(
  workload: KubernetesObject,
  list: ContainerList,
  container: string,
): PolicyAuthor {
  const root = new ObjectField(`"${workload.metadata.name}"`, workload)
  const applied = root.member('metadata').member('annotations').member(LAST_APPLIED).text()
  if (applied !== '' && manifestSetsPolicy(applied, list, container)) return 'its manifest'
  const owners = root
    .member('metadata')
    .member('managedFields')
    .items()
    .filter((entry) => entry.member('manager').text() !== FIELD_MANAGER)
    .filter((entry) => {
      const fields = ownedFields(entry, list, container)
      if (!Object.hasOwn(fields, 'f:imagePullPolicy')) return false
      const filledIn = entry.member('operation').text() === 'Update' && ownsDefaults(fields)
      return !(filledIn && applied !== '')
    })
  const [first] = owners
  return first === undefined ? '' : `field manager "${first.member('manager').text()}"`
}

function manifestSetsPolicy(applied: string, list: ContainerList, container: string): boolean {
  const manifest = new ObjectField('the last applied manifest', parseObject(applied))
  const containers = manifest.member('spec').member('template').member('spec').member(list).items()
  const own = containers.find((entry) => entry.member('name').text() === container)
  return own !== undefined && own.member('imagePullPolicy').value !== undefined
}

/** What an entry of managedFields owns of one container (`k:{"name":"app"}` in fieldsV1). */
function ownedFields(
  entry: ObjectField,
  list: ContainerList,
  container: string,
): Readonly<Record<string, unknown>> {
  const template = entry.member('fieldsV1').member('f:spec').member('f:template').member('f:spec')
  return (
    template
      .member(`f:${list}`)
      .member(`k:${JSON.stringify({ name: container })}`)
      .members() ?? {}
  )
}

/** Hardly any manifest writes these two, and the API server always fills them in. */
function ownsDefaults(fields: Readonly<Record<string, unknown>>): boolean {
  return (
    Object.hasOwn(fields, 'f:terminationMessagePath') && Object.hasOwn(fields, 'f:terminationMessagePolicy')
  )
}
