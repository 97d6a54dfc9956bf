/** What an image is built for, in the OCI index's own words. `variant` is '' when none is stated. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string
}
