/** When an image was seen first: what stands in for a push time where the registry tells none. */
export interface Sightings {
  /**
   * Notes that a tag names a digest.
   *
   * @param repository canonical name with its registry
   * @returns when that was noted first, by this machine's clock: `now` where it is new
   */
  sighted(repository: string, tag: string, digest: string, now: Date): Promise<Date>
  /** Keeps what was noted for later runs. Nothing is lost but the note where that fails. */
  save(): Promise<void>
}
