import { LRUCache } from 'lru-cache'
import { RE2JS } from 're2js'

/** A regular expression of a person or the policy, with a cost of at most its length times that of the text. */
export interface Pattern {
  /** Whether it matches anywhere in the text. */
  test(text: string): boolean
}

/** Why a pattern is refused: invalid syntax, a feature without linear cost, too large, or unknown to Quay's own engine. */
export type PatternProblem = 'syntax' | 'look-around' | 'back-reference' | 'too-large' | 'not-python'

// In RE2 instructions: about a millisecond for the longest reason.
const largest = 5_000
const longest = 1_000
const known = new LRUCache<string, Pattern | { problem: PatternProblem }>({ max: 500 })

/** Reads a pattern in RE2's grammar, or says what is wrong with it. RE2 has no look-around and no back-references. */
export function readPattern(source: string): Pattern | { problem: PatternProblem } {
  const read = known.get(source) ?? compiled(source)
  known.set(source, read)
  return read
}

/** The same for a pattern that Quay reads too, in the grammar of Python's `re`: only syntax that both engines know is accepted. */
export function readSharedPattern(source: string): Pattern | { problem: PatternProblem } {
  const read = readPattern(source)
  return 'test' in read && isOnlyRe2(source) ? { problem: 'not-python' } : read
}

function compiled(source: string): Pattern | { problem: PatternProblem } {
  if (source.length > longest) return { problem: 'too-large' }
  try {
    const pattern = RE2JS.compile(source)
    return pattern.programSize() > largest ? { problem: 'too-large' } : { test: (text) => pattern.test(text) }
  } catch (error) {
    const { message } = error as Error // the engine throws nothing else
    return { problem: message.includes('repeat count') ? 'too-large' : problemOf(source) }
  }
}

/** RE2 reports a back-reference as "invalid escape", and a look-behind as "invalid named capture". */
function problemOf(source: string): PatternProblem {
  const plain = withoutEscapes(source)
  if (/\(\?<?[=!]|\(\?>|[*+?}]\+/.test(plain)) return 'look-around'
  if (/\(\?P=|\(\?\(/.test(plain) || /\\[1-9]/.test(source.replaceAll('\\\\', ''))) return 'back-reference'
  return 'syntax'
}

/** Syntax of RE2 that Python's `re` does not know: named groups without P, POSIX and Unicode classes, \Q…\E, \z, \x{…}, inline flags. */
function isOnlyRe2(source: string) {
  const escapes = source.replaceAll('\\\\', '')
  return /\\[pPQEzC]|\\x\{/.test(escapes) || /\(\?<[A-Za-z_]|\[\[:|\(\?[a-z]*U|.\(\?[imsU-]{1,8}\)/.test(withoutEscapes(source))
}

function withoutEscapes(source: string) {
  return source.replaceAll(/\\./gs, '')
}

/** `prod-*`, `v{1,2}.?`, `[ab]*`, `!*-test`: one star matches anything but a slash, two match anything. Linear like a pattern. */
export function readGlob(glob: string): Pattern {
  if (glob.startsWith('!')) {
    const { test } = readGlob(glob.slice(1))
    return { test: (text) => !test(text) }
  }
  const read = readPattern(`^(?s:${sourceOf(glob)})$`)
  // A glob that cannot be read matches only its own text.
  return 'test' in read ? read : { test: (text) => text === glob }
}

/** Whether one of the globs matches. Globs that begin with `!` exclude. */
export function matchesGlob(globs: readonly string[], text: string): boolean {
  const [taken, left] = [globs.filter((glob) => !glob.startsWith('!')), globs.filter((glob) => glob.startsWith('!'))]
  if (left.some((glob) => !readGlob(glob).test(text))) return false
  return taken.length === 0 ? left.length > 0 : taken.some((glob) => readGlob(glob).test(text))
}

function sourceOf(glob: string) {
  let depth = 0
  return glob.replaceAll(/\\.|\*{1,100}|\[!?[\w.-]{1,100}\]|./gsu, (part) => {
    if (part.startsWith('*')) return part.length > 1 ? '.*' : '[^/]*'
    if (part === '?') return '[^/]'
    if (part.length > 2 && part.startsWith('[')) return part.replace('[!', '[^')
    if (part === '{' && glob.includes('}')) {
      depth += 1
      return '(?:'
    }
    if (part === '}' && depth > 0) {
      depth -= 1
      return ')'
    }
    if (part === ',' && depth > 0) return '|'
    return RE2JS.quote(part.length > 1 && part.startsWith('\\') ? part.slice(1) : part)
  })
}
