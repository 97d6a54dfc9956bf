import type { Application } from '../application/application.ts'
import { type ImageOverride, planOverride } from '../application/override/override.ts'
import { chooseSource } from '../application/source-choice.ts'
import { resourceVersionTest } from './resource-version.ts'
import type { ObjectWrite } from './write.ts'

const APPLICATIONS = { group: 'argoproj.io', version: 'v1alpha1', resource: 'applications' } as const

/**
 * The write that puts images into an Application: one write for all images of the Application, since a
 * second one would be refused for the first one's change. Undefined when the Application says so already.
 *
 * @throws UnsupportedSourceError where nothing in the Application can override an image.
 * @throws PluginTargetError where a plugin renders the source and the rule names no variable.
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function applicationWrite(
  application: Application,
  overrides: readonly ImageOverride[],
): ObjectWrite | undefined {
  const { operations, fields } = planOverride(application, overrides)
  if (operations.length === 0) return undefined
  const { name, namespace } = application.metadata
  return {
    kind: 'application.argoproj.io',
    path: { ...APPLICATIONS, name, ...(namespace === undefined ? {} : { namespace }) },
    read: application,
    operations: [...resourceVersionTest(application), ...operations],
    fields,
    summary: summaryOf(application, overrides),
  }
}

function summaryOf(application: Application, overrides: readonly ImageOverride[]): string {
  const types = overrides.map(
    ({ writeBack, targets }) => chooseSource(application, writeBack, targets).overrideType,
  )
  const places = {
    Helm: 'helm parameters',
    Kustomize: 'kustomize image',
    Plugin: 'plugin variables',
  } as const
  const names = new Set(types.flatMap((type) => (type === 'Unsupported' ? [] : [places[type]])))
  return `set ${[...names].join(' and ')}`
}
