/** Seconds as kubectl writes ages: `38s`, `5m12s`, `2h`, `3d4h`. Source: k8s.io/apimachinery duration.HumanDuration. */
function humanDuration(seconds: number): string {
  const whole = Math.floor(seconds)
  if (whole < -1) return '<invalid>'
  if (whole < 0) return '0s'
  const minutes = Math.floor(whole / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (whole < 120) return `${whole}s`
  if (minutes < 10) return two(minutes, 'm', whole % 60, 's')
  if (minutes < 180) return `${minutes}m`
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return two(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  if (days < 2920) return two(Math.floor(days / 365), 'y', days % 365, 'd')
  return `${Math.floor(days / 365)}y`
}

function two(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`
}

/** How long ago a timestamp of an object was; `<unknown>` where there is none. */
export function ageOf(timestamp: string, now: Date): string {
  const then = Date.parse(timestamp)
  return Number.isNaN(then) ? '<unknown>' : humanDuration((now.getTime() - then) / 1000)
}
