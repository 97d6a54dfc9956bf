/**
 * The texts of `Warning` headers (RFC 7234 §5.5) with code 299, as the API server sends them for
 * deprecated versions and policy remarks. A malformed header ends the reading: what came before it counts.
 */
export function warningTexts(header: string | readonly string[] | undefined): string[] {
  const texts: string[] = []
  for (const line of header === undefined ? [] : [header].flat()) {
    const warning = /\s*(\d{3}) (\S+) "((?:[^"\\]|\\.)*)"(?: "[^"]*")?\s*(?:,|$)/y
    for (let found = warning.exec(line); found !== null; found = warning.exec(line)) {
      const [, code, , text = ''] = found
      if (code === '299') texts.push(text.replace(/\\(.)/g, '$1'))
      if (warning.lastIndex >= line.length) break
    }
  }
  return texts
}
