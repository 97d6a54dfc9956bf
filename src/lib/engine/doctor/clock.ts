import type { Check } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'

const finding = findingsOf('clock')
/** Milliseconds. AWS refuses signatures that are 5 minutes off; ages of tags suffer earlier. */
const NOTICEABLE = 30_000
const TOO_MUCH = 5 * 60_000

/**
 * Compares this machine's clock with those of the servers that answered.
 *
 * @param othersDone when all clocks are noted
 * @param clocks milliseconds by which each is ahead of ours, by host
 */
export function clockCheck(othersDone: Promise<unknown>, clocks: ReadonlyMap<string, number>): Check {
  return {
    name: 'clock',
    needs: { ready: othersDone, what: 'an answer' },
    run: async () => clockFindings(clocks),
  }
}

export function clockFindings(clocks: ReadonlyMap<string, number>): Finding[] {
  if (clocks.size === 0) {
    return [finding('skip', '', 'not looked at: no server told the time')]
  }
  const off = [...clocks].filter(([, ahead]) => Math.abs(ahead) > NOTICEABLE)
  if (off.length === 0) {
    return [finding('ok', '', `this machine agrees with ${[...clocks.keys()].join(', ')} to within 30 s`)]
  }
  return off.map(([host, ahead]) => {
    const far = Math.abs(ahead) > TOO_MUCH
    // The other's clock is ahead when ours is behind.
    const message = `this machine is ${spanText(Math.abs(ahead))} ${ahead > 0 ? 'behind' : 'ahead of'} ${host}`
    const effect = far
      ? ': AWS refuses its signatures, and ages of tags are wrong'
      : ': ages of tags are wrong'
    return finding(far ? 'fail' : 'warn', host, message + effect, 'Set the clock by NTP')
  })
}

function spanText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
