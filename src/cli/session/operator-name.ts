import { annotationText } from '../../lib/application/change-record.ts'
import { operatorIdentity } from '../../lib/cluster/operator-identity.ts'

/** Beyond any name that a person has. */
const LONGEST_NAME = 100

/**
 * Who acts, as colleagues know them: whom they impersonate, else the user of this machine, `ann@laptop`.
 *
 * @param impersonated the value of --as
 */
export function operatorName(impersonated: string | undefined): string {
  return annotationText(impersonated || operatorIdentity(), LONGEST_NAME)
}
