import { readImageText } from '../../application/image-text.ts'
import type { KubernetesObject } from '../../application/kubernetes-object.ts'
import { MalformedFieldError, ObjectField } from '../../application/object-field.ts'
import { applicationPath } from '../../cluster/applications.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import { servedResources } from '../../cluster/discovery.ts'
import { imageUpdatersPath } from '../../cluster/image-updaters.ts'
import { toReadProblem } from '../../cluster/read-result.ts'
import type { ApiTransport } from '../../cluster/transport.ts'
import type { Check, Need } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'
import type { Stages } from './stages.ts'

const finding = findingsOf('argo-cd')
/** Where its install manifests put it. */
const USUAL_NAMESPACE = 'argocd'
/** The workload that runs Argo CD's heart: a StatefulSet, or a Deployment with dynamic sharding. */
const CONTROLLER = 'argocd-application-controller'

/** Whether Argo CD is there, and which. */
export function argoCdCheck(needs: Need, { transport, client }: Pick<Stages, 'transport' | 'client'>): Check {
  return {
    name: 'argo-cd',
    needs,
    run: async () => {
      const types = await typeFindings(await transport)
      if (types.some(({ state }) => state === 'fail')) return types
      return [...types, await versionFinding(await client)]
    },
  }
}

async function typeFindings(transport: ApiTransport): Promise<Finding[]> {
  const [argo, updater] = await Promise.all([
    servedResources(transport, applicationPath('')),
    servedResources(transport, imageUpdatersPath('')),
  ])
  if (!argo?.has('applications')) {
    const remedy = 'Choose the cluster that runs Argo CD with --context'
    return [finding('fail', 'types', "Argo CD's Application CRD (v1alpha1) is not installed here", remedy)]
  }
  const projects = argo.has('appprojects')
    ? []
    : [finding('warn', 'types', "Argo CD's AppProject CRD is not installed here", 'Install it with Argo CD')]
  const resources = updater?.has('imageupdaters')
    ? 'ImageUpdater resources are known'
    : 'no ImageUpdater resources (they are optional)'
  return [...projects, finding('ok', 'types', `Application v1alpha1 is served; ${resources}`)]
}

async function versionFinding(client: ClusterClient): Promise<Finding> {
  const namespaces = [...new Set([client.target.namespace || USUAL_NAMESPACE, USUAL_NAMESPACE])]
  for (const namespace of namespaces) {
    for (const resource of ['statefulsets', 'deployments']) {
      const image = await controllerImage(client, namespace, resource)
      if (image !== '') return finding('ok', 'version', `Argo CD ${image} (namespace ${namespace})`)
    }
  }
  const message = `the version of Argo CD is not known: no ${CONTROLLER} to be seen in ${namespaces.join(' or ')}`
  return finding('skip', 'version', message)
}

/** The tag that the controller runs; '' where it is not there or may not be read. */
async function controllerImage(client: ClusterClient, namespace: string, resource: string): Promise<string> {
  try {
    const path = { group: 'apps', version: 'v1', resource, namespace, name: CONTROLLER }
    return imageTag(await client.get(path))
  } catch (error) {
    if (error instanceof MalformedFieldError) return ''
    toReadProblem(error, { kind: resource, namespace, name: CONTROLLER })
    return ''
  }
}

function imageTag(workload: KubernetesObject): string {
  const spec = new ObjectField(CONTROLLER, workload).member('spec').member('template').member('spec')
  const [container] = spec.member('containers').items()
  return (container && readImageText(container.member('image').text())?.tag) ?? ''
}
