/** What a request wants to do, in RBAC's words. */
interface AccessAttributes {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
}

/** Whether the sandbox's one user may do it. */
export type Authorize = (attributes: AccessAttributes) => boolean

export const ALLOW_ALL: Authorize = () => true

/** The name of the sandbox's one user. */
export const USER = 'sandbox'
