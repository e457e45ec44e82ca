import { RE2JS } from 're2js'

/** Whether a name fits one of these patterns, as Quay's mirrors read them (Python's fnmatch): `*`, `?`, `[a-z]`, `[!a-z]`; linear. */
export function globMatcher(patterns: string[]): (name: string) => boolean {
  const compiled = patterns.flatMap((pattern) => compile(pattern) ?? [])
  return (name) => compiled.some((one) => one.matches(name))
}

/** What is no class (`[z-a]`) fits nothing in Quay either. */
function compile(pattern: string) {
  try {
    return RE2JS.compile([...pattern.matchAll(/\[!?\]?[^\]]{0,500}\]|./gsu)].map(([part]) => expressionOf(part)).join(''), RE2JS.DOTALL)
  } catch {
    return undefined
  }
}

function expressionOf(part: string) {
  if (part === '*') return '.*'
  if (part === '?') return '.'
  if (part.length < 2 || !part.startsWith('[')) return RE2JS.quote(part)
  const isNegated = part.startsWith('[!')
  return `[${isNegated ? '^' : ''}${part.slice(isNegated ? 2 : 1, -1).replaceAll(/[\\[\]^]/g, String.raw`\$&`)}]`
}
