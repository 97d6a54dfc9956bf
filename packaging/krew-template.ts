// `.krew.yaml` is a template in Go's syntax, which krew-release-bot fills in when a release is out. The manifest of a
// build comes from the same file, so the two cannot differ.

const ADDRESS_AND_HASH = /\{\{\s*addURIAndSha\s+"([^"]+)"\s+\.TagName\s*\}\}/g
const TAG = /\{\{\s*\.TagName\s*\}\}/g

/**
 * Fills the template in exactly as the bot does.
 *
 * @param tag `v0.1.0`
 * @param hashOf SHA-256 of what is at an address, in lower-case hex
 * @throws Error for anything in `{{ }}` that the bot does not know by itself
 */
export function fillKrewTemplate(template: string, tag: string, hashOf: (address: string) => string): string {
  const filled = template
    .replace(ADDRESS_AND_HASH, (_, address: string) => {
      const filledAddress = address.replace(TAG, tag)
      // The bot puts exactly four spaces in front of the second line, whatever stands around it.
      return `uri: ${filledAddress}\n    sha256: ${hashOf(filledAddress)}`
    })
    .replace(TAG, tag)
  const unknown = /\{\{.*?\}\}/s.exec(filled)
  if (unknown) throw new Error(`.krew.yaml: ${unknown[0]} is not known`)
  return filled
}
