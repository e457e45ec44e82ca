import { setImmediate as aTurn } from 'node:timers/promises'
import { namesCredential } from './credential-names.ts'
import { cut, cutShapes } from './credential-shapes.ts'
import { withoutKeyBlocks, withoutSecretData } from './redact-blocks.ts'

export { cut } from './credential-shapes.ts'

/**
 * Removes everything that looks like a credential, and the known `secrets`, from a text: for the log, cards, replies, build
 * logs and the sandbox's traffic panel. Lines are kept. The cost is linear in the length of the text
 * (test/core/expressions.test.ts, test/core/redact.test.ts), which is not limited.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const unknown = secrets.reduce((rest, secret) => (secret.length > 3 ? rest.replaceAll(secret, cut) : rest), text)
  const lines = withoutKeyBlocks(unknown).split('\n')
  return withoutSecretData(lines).map(redactLine).join('\n')
}

/** The same for the lines of one text, because a private key spans several. Returns as many lines. */
export function redactLines(lines: readonly string[], secrets: readonly string[] = []): string[] {
  // A line break inside a line would count as another line.
  return redact(lines.map((line) => line.replaceAll('\n', ' ')).join('\n'), secrets).split('\n')
}

const slice = 256 * 1024

/** The same for very many lines: it yields to other work in between. */
export async function redactInSlices(lines: readonly string[]): Promise<string[]> {
  const done: string[] = []
  let from = 0
  let size = 0
  for (const [index, line] of lines.entries()) {
    size += line.length
    if (size < slice && index < lines.length - 1) continue
    done.push(...redactLines(lines.slice(from, index + 1)))
    from = index + 1
    size = 0
    await aTurn()
  }
  return done
}

/** Redacts a JSON value: values under the name of a credential, and what looks like one in any text. */
export function redactValue(value: unknown, secrets: readonly string[] = [], clip = Number.POSITIVE_INFINITY): unknown {
  if (typeof value === 'string') return redact(value.length > clip ? `${value.slice(0, clip)}…` : value, secrets)
  if (Array.isArray(value)) return value.map((one) => redactValue(one, secrets, clip))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      redact(name, secrets),
      typeof one === 'string' && one !== '' && namesCredential(name) === 'yes' && !isHarmless(one) ? cut : redactValue(one, secrets, clip),
    ]),
  )
}

// A word, or a separator of shell commands. Every match is read to its end, so that no character is scanned twice.
const word = /\n|[|;&]|-{0,2}[A-Za-z_.][\w.-]*/g
const separator = /(?:\\?["'])?\]?[ \t]{0,8}(?:=>|:=|[=:])[ \t]{0,8}(?:u?\\?["'`“”„«‘’])?/y
const spaces = /[ \t]{1,8}(?:\\?["'])?/y
const bare = /[^\s"'<>`”’»]+/y
const parameter = /[^\s"'<>`”’»&#]+/y
const login = /^(?:login|mysql\w{0,10}|mariadb\w{0,10}|sshpass|mongo\w{0,10}|htpasswd|ldap\w{0,10}|redis-cli|curl|wget|identified)$/i

function redactLine(line: string): string {
  return line.length < 6 ? line : cutNamed(cutShapes(line))
}

/** Redacts what follows the name of a credential: `DB_PASSWORD=…`, `"token": "…"`, `--secret …`, `docker login -p …`. */
function cutNamed(line: string): string {
  const parts: string[] = []
  let done = 0
  let isLogin = false
  word.lastIndex = 0
  for (let found = word.exec(line); found; found = word.exec(line)) {
    const [name] = found
    if (name.length === 1 && '|;&\n'.includes(name)) isLogin = false
    else if (login.test(name.slice(0, 40))) isLogin = true
    else {
      const value = valueAfter(line, name, found.index, isLogin)
      if (!value) continue
      parts.push(line.slice(done, value.from), cut)
      done = value.to
      word.lastIndex = Math.max(value.to, word.lastIndex)
    }
  }
  return done === 0 ? line : parts.join('') + line.slice(done)
}

interface Span {
  from: number
  to: number
}

function valueAfter(line: string, name: string, at: number, isLogin: boolean): Span | undefined {
  const end = at + name.length
  if (isLogin && /^-[pua]/.test(name) && !name.startsWith('--')) return shortFlag(line, name, at, end)
  const named = namesCredential(name)
  if (named === 'no') return name === '--user' && isLogin ? shortFlag(line, '-u', at, end) : undefined
  if (line[at - 1] === '<' && line[end] === '>') return spanOf(line, end + 1, '<')
  separator.lastIndex = end
  const [between] = separator.exec(line) ?? []
  if (between !== undefined) return assigned(line, name, at, end + between.length, between, named)
  if (named === 'maybe' && !name.startsWith('-')) return undefined
  return following(line, name, end, isLogin)
}

/** `name=value`, `"name": "value"`. */
function assigned(line: string, name: string, at: number, from: number, between: string, named: 'yes' | 'maybe'): Span | undefined {
  const quote = /\\?["'`“”„«‘’]$/.exec(between.slice(1))?.[0]
  const isHeader = /(?:authorization|cookie)$/i.test(name) && quote === undefined
  // `-H "Authorization: Basic …"`, `"password=two words"`: up to the quotation mark that opened before the name.
  const around = quote === undefined && (isHeader || between.includes('=')) ? quoteBefore(line, at) : undefined
  const span = isHeader && around === undefined ? headerSpan(line, from) : spanOf(line, from, quote ?? around, isParameter(line, at))
  if (!span) return undefined
  const value = line.slice(span.from, span.to)
  if (isHarmless(value)) return undefined
  if (named === 'maybe') return looksSecret(value, between.includes('=')) ? span : undefined
  return !quote && !isHeader && /:[ \t]/.test(between) && isProse(line, name, span) ? undefined : span
}

function quoteBefore(line: string, at: number) {
  const before = /\\?["'“”„«‘’]$/.exec(line.slice(Math.max(0, at - 2), at))
  return before?.[0]
}

function isParameter(line: string, at: number) {
  return line[at - 1] === '?' || line[at - 1] === '&'
}

/** A scheme and its value, otherwise one word. */
function headerSpan(line: string, from: number): Span {
  const rest = line.slice(from, from + 8_000)
  const found = /^(?:\w{1,20}[ \t]{1,4})?[^\s"'<>;]+(?:;[ \t]?[^\s"'<>;]+)*/.exec(rest)?.[0] ?? ''
  return { from, to: from + found.length }
}

/** `--token value`, and `password hunter2` if the value looks like a credential. */
function following(line: string, name: string, end: number, isLogin: boolean): Span | undefined {
  spaces.lastIndex = end
  const [space] = spaces.exec(line) ?? []
  if (space === undefined) return undefined
  const quote = /["']$/.exec(space)?.[0]
  const span = spanOf(line, end + space.length, quote && space.endsWith(`\\${quote}`) ? `\\${quote}` : quote)
  const value = span && line.slice(span.from, span.to)
  if (value === undefined || isHarmless(value)) return undefined
  if (name.startsWith('-')) return value.startsWith('-') ? undefined : span
  return isLogin || (/^(?=.{0,200}\d)(?=.{0,200}[a-z])[^./:=()]{6,200}$/i.test(value) && !/^[a-z]+-\d+$|^\d+[a-z]+$/i.test(value))
    ? span
    : undefined
}

/** `-p secret`, `-psecret`, `-u name:secret` of a login command. A port, and a user with a group, are not credentials. */
function shortFlag(line: string, name: string, at: number, end: number): Span | undefined {
  if (name.length > 2 && name !== '-user') return isPort(name.slice(2)) || name[1] !== 'p' ? undefined : spanOf(line, at + 2, undefined)
  spaces.lastIndex = end
  const [space] = spaces.exec(line) ?? []
  const span = space === undefined ? undefined : spanOf(line, end + space.length, /["']$/.exec(space)?.[0])
  const value = span && line.slice(span.from, span.to)
  if (value === undefined || isHarmless(value) || value.startsWith('-') || isPort(value)) return undefined
  return name === '-u' && !value.includes(':') ? undefined : span
}

function isPort(value: string) {
  return /^[\d.:-]+(?:\/\w{1,5})?$/.test(value.slice(0, 100))
}

/** From here to the closing quotation mark (to the end of the line if it is missing), or to the end of the word. */
function spanOf(line: string, from: number, quote: string | undefined, isParameter = false): Span | undefined {
  if (quote !== undefined) {
    const end = endOf(line, from, quote)
    return end > from ? { from, to: end } : undefined
  }
  const unquoted = isParameter ? parameter : bare
  unquoted.lastIndex = from
  const [value] = unquoted.exec(line) ?? []
  if (value === undefined) return undefined
  const length = value.endsWith('\\') ? value.length - 1 : value.length
  return length > 0 ? { from, to: from + length } : undefined
}

const closing: Record<string, string> = { '“': '”', '„': '“', '«': '»', '‘': '’' }

function endOf(line: string, from: number, quote: string) {
  const mark = closing[quote] ?? quote
  for (let at = line.indexOf(mark, from); at >= 0; at = line.indexOf(mark, at + 1)) if (line[at - 1] !== '\\') return at
  return line.length
}

const plainWords = new Set('true false null none nil undefined yes no required optional empty unset missing invalid'.split(' '))

/** Values that are not credentials despite their name: a variable, a digest, asterisks, a keyword. */
function isHarmless(value: string) {
  const text = value.slice(0, 200).replace(/[,;.)\]}]{1,3}$/, '')
  return (
    text === '' ||
    text.startsWith(cut) ||
    plainWords.has(text.toLowerCase()) ||
    // Error codes of Slack and OAuth: `invalid_auth`, `token_revoked`.
    /^(?:invalid|not|no|token|account|missing|unknown|access|insufficient|unsupported)_[a-z_]{2,40}$/.test(text) ||
    /^(?:\*+|x{3,}|\.{3}|…|<.*|\$.*|%\w+%|\{\{.*|sha\d{1,3}[:-][\w+/=-]+)$/i.test(text)
  )
}

function looksSecret(value: string, isAssigned: boolean) {
  if (/^\d{1,7}[,;]?$/.test(value.slice(0, 20)) || value.length < (isAssigned ? 4 : 8)) return false
  return isAssigned || /\d|=$|[a-z][A-Z]/.test(value.slice(0, 400))
}

/** "Invalid password: it must be longer": a plain word as name, and plain words behind it. */
function isProse(line: string, name: string, { from, to }: Span) {
  return (
    /^[A-Za-z]?[a-z]+$/.test(name.slice(0, 80)) && /^[a-z’']{1,30},?$/.test(line.slice(from, to)) && /^ [a-z]/.test(line.slice(to, to + 2))
  )
}
