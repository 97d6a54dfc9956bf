import { watchFlags } from '../watch/flags.ts'

/** Flags of `watch` that a Pod has no use for, and what to do instead. */
export const USELESS_IN_A_POD = {
  once: ['a Deployment runs for ever', 'For one poll now and then: a CronJob with watch --once'],
  plain: ['there is no terminal in a Pod: a line an event is all there is', 'Leave it out'],
  bell: ['there is no terminal in a Pod', 'Use --notify to be told of events'],
  'workload-context': [
    'there is no kubeconfig in a Pod',
    'Deploy another watch in the cluster of the workloads',
  ],
} as const satisfies Readonly<Partial<Record<keyof typeof watchFlags, readonly [string, string]>>>

/** Flags of `watch` that are about this run of `deploy`: which cluster it asks and writes to, and what it prints. */
export const ABOUT_DEPLOYING = {
  'allow-missing-template-keys': 'how the objects are printed',
  as: 'who applies',
  'as-group': 'who applies',
  'as-uid': 'who applies',
  'as-user-extra': 'who applies',
  'certificate-authority': 'the Pod has the one of its service account',
  'client-certificate': 'the Pod has its service account',
  'client-key': 'the Pod has its service account',
  cluster: 'the Pod knows its own cluster',
  color: 'nobody looks at the output of a Pod in colours',
  context: 'the Pod knows its own cluster',
  'dry-run': 'what --apply does; a watch that writes nothing is --read-only',
  'insecure-skip-tls-verify': 'the Pod verifies its API server',
  kubeconfig: 'the Pod has none',
  output: 'how the objects are printed; --log-format is for the watch',
  'request-timeout': 'of the requests made here',
  server: 'the Pod knows its own cluster',
  template: 'how the objects are printed',
  'tls-server-name': 'the Pod knows its own cluster',
  token: 'the Pod has its service account',
  user: 'the Pod has its service account',
  v: 'what is logged here',
} as const satisfies Readonly<Partial<Record<keyof typeof watchFlags, string>>>

type Kept = Exclude<keyof typeof watchFlags, keyof typeof USELESS_IN_A_POD | keyof typeof ABOUT_DEPLOYING>

/** Every other flag of `watch`: taken by `deploy`, and passed on to the watch in the Pod. */
export const passedOnFlags = Object.fromEntries(
  Object.entries(watchFlags).filter(([name]) => !(name in USELESS_IN_A_POD) && !(name in ABOUT_DEPLOYING)),
) as Pick<typeof watchFlags, Kept>

/**
 * Arguments that say what these values of flags say: `--interval=5m`. What is the default is left out.
 *
 * @param values by name; absent where nothing was said
 */
export function flagArguments(
  values: Readonly<Partial<Record<keyof typeof passedOnFlags, unknown>>>,
): string[] {
  return Object.entries(passedOnFlags).flatMap(([name, flag]) => {
    const value = values[name as keyof typeof passedOnFlags]
    if (value === undefined || value === false || value === flag.default) return []
    if (value === true) return [`--${name}`]
    return (Array.isArray(value) ? value : [value]).map((one) => `--${name}=${one}`)
  })
}
