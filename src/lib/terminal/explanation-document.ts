import type { ApplicationExplanation, ImageExplanation } from '../engine/explanation.ts'
import type { Gate } from '../engine/gate.ts'
import type { RunningStory } from '../engine/running-story.ts'
import { formatPlatform } from '../image/platform.ts'
import { type ImageReference, repositoryName } from '../image/reference.ts'
import { type Controls, formatSkippedTag } from '../rules/controls.ts'
import type { RuleProblem, UpdateRule } from '../rules/update-rule.ts'
import { checkedImageDocument } from './checked-images.ts'
import { tagDocument } from './tag-rows.ts'

/**
 * One Application as the documented JSON item of kind Explanation (docs/schema/image-updater-v1.json).
 *
 * @param all also the verdict on every tag
 */
export function explanationDocument(
  explanation: ApplicationExplanation,
  all: boolean,
): Record<string, unknown> {
  const { application, argo, file, owners, live, images, warnings, next } = explanation
  return {
    application: application.metadata.name,
    namespace: application.metadata.namespace ?? '',
    ...file,
    argoCD: argo,
    owners,
    live: live.map(referenceDocument),
    warnings: warnings.map(problemDocument),
    images: images.map((image) => imageDocument(image, all)),
    next,
  }
}

function imageDocument(image: ImageExplanation, all: boolean): Record<string, unknown> {
  const { checked, faults, name, keys, running, tags, requests, warnings, next } = image
  const decided = checked?.state === 'decided' && faults.length === 0 ? checked : undefined
  return {
    name,
    rule: checked?.rule ? ruleDocument(checked.rule) : null,
    keys: keys.map(({ key, text }) => ({ key, value: text })),
    faults: faults.map(({ fault }) => problemDocument(fault)),
    warnings: warnings.map(problemDocument),
    running: running ? runningDocument(running) : null,
    repository:
      checked?.state === 'decided'
        ? { via: checked.scan.via, credential: checked.scan.credential, requests }
        : null,
    tags: tags
      ? {
          listed: tags.listed,
          stages: tags.stages,
          candidates: tags.candidates,
          finalists: tags.finalists.map(tagDocument),
          ...(all && { verdicts: tags.verdicts }),
        }
      : null,
    gates: decided && 'gates' in decided.decision ? decided.decision.gates.map(gateDocument) : [],
    // A faulty rule decides nothing, whatever would be decided without its faults.
    check: checked && (decided || checked.state === 'failed') ? checkedImageDocument(checked) : null,
    next,
  }
}

function ruleDocument(rule: UpdateRule): Record<string, unknown> {
  return {
    kind: rule.origin.kind,
    object: rule.origin.object,
    alias: rule.alias,
    image: repositoryName(rule.image),
    strategy: rule.strategy,
    constraint: rule.image.tag,
    filter: rule.filter.description,
    tagPattern: rule.tagPattern ?? '',
    platforms: rule.platforms.map(formatPlatform),
    forceUpdate: rule.forceUpdate,
    allowDowngrade: rule.allowDowngrade,
    pinDigest: rule.pinDigest,
    pollInterval: rule.pollInterval ?? null,
    writeBack: rule.writeBack.written,
    controls: controlsDocument(rule.controls),
  }
}

function controlsDocument({
  minAge,
  maxBump,
  windows,
  hold,
  skips,
  after,
}: Controls): Record<string, unknown> {
  return {
    minAge: minAge ?? null,
    maxBump: maxBump ?? null,
    windows: (windows ?? []).map(({ text }) => text),
    hold: hold ? { until: hold.until?.toISOString() ?? null, by: hold.by, reason: hold.reason } : null,
    skips: skips.map(formatSkippedTag),
    after: after ?? null,
  }
}

function gateDocument({ name, verdict, reason, until }: Gate): Record<string, unknown> {
  return { name, verdict, reason, until: until?.toISOString() ?? null }
}

function runningDocument({ images, pods, podsProblem, notes, absence }: RunningStory) {
  const { declared, live, source } = images
  return {
    declared:
      declared.field === '' ? null : { field: declared.field, text: declared.text, tag: declared.tag },
    live: live.map(referenceDocument),
    pods: pods.images.map(({ pod, container, image, digest }) => ({
      pod,
      container,
      tag: image.tag,
      digest,
    })),
    podsProblem,
    notes,
    absence,
    source: { field: source.field.path, type: source.sourceType, reason: source.reason },
  }
}

function referenceDocument({ registry, repository, tag, digest }: ImageReference) {
  return { registry, repository, tag, digest }
}

function problemDocument({ severity, key, value, problem, remedy }: RuleProblem) {
  return { severity, key, value, problem, remedy }
}
