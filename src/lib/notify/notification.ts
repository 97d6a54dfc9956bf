/** What a notification may be about, in the order of an update's life. */
export const NOTIFICATION_EVENTS = ['available', 'applied', 'failed', 'held', 'degraded'] as const

export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number]

/** One thing that happened to one image, as it is told outside. Texts are raw; '' means not known. */
export interface Notification {
  readonly event: NotificationEvent
  readonly at: Date
  /** Context of the kubeconfig. */
  readonly context: string
  /** Namespace of the Application. */
  readonly namespace: string
  readonly application: string
  /** Alias of the image in its rule. */
  readonly image: string
  /** Registry and repository. */
  readonly repository: string
  /** What ran before, `tag` or `tag@digest`; '' when nothing is known. */
  readonly from: string
  /** Tag of the target. */
  readonly to: string
  /** Digest of the target. */
  readonly digest: string
  /** Why: of the decision, the failure or the hold. */
  readonly reason: string
  /** What was done or would be, such as `set kustomize image`. */
  readonly action: string
  /** Who decided: a person, an approval mode. */
  readonly by: string
  /** A page about it, http or https. */
  readonly link?: string
}
