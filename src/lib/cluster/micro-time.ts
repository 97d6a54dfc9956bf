/** metav1.MicroTime, which takes exactly six digits after the point. */
export function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z')
}
