import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { transform } from 'esbuild'

export interface Expression {
  file: string
  source: string
  flags: string
}

/** Every regular expression that is written in the source tree. esbuild takes types, comments and JSX away, so that what is left is plain JavaScript. */
export async function writtenExpressions() {
  const files = (await Array.fromAsync(glob('src/**/*.{ts,tsx}'))).filter((file) => !file.endsWith('.d.ts')).toSorted()
  const all: Expression[] = []
  const made: string[] = []
  for (const file of files) {
    const loader = file.endsWith('x') ? 'tsx' : 'ts'
    const { code } = await transform(readFileSync(file, 'utf8'), { loader, jsx: 'automatic', target: 'esnext', charset: 'utf8' })
    const { literals, calls } = scan(code)
    all.push(...literals.map((literal) => ({ file, ...literal })))
    if (calls) made.push(file)
  }
  return { all, made }
}

const endsValue = /[\w$)\]}"'`]$/
const beforeExpression = /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/

/** A slash begins an expression where no value stands before it; strings and templates are passed over. */
export function scan(code: string) {
  const literals: Omit<Expression, 'file'>[] = []
  let calls = false
  let at = 0
  let before = ''
  const braces: ('block' | 'template')[] = []
  while (at < code.length) {
    const character = code[at] ?? ''
    const rest = code.slice(at, at + 2)
    if (rest === '//' && !endsValue.test(before.trimEnd())) at = lineEnd(code, at)
    else if (rest === '//' ) at = lineEnd(code, at)
    else if (rest === '/*') at = code.indexOf('*/', at) + 2
    else if (character === '"' || character === "'") {
      at = stringEnd(code, at, character)
      before = '"'
    } else if (character === '`' || (character === '}' && braces.at(-1) === 'template')) {
      if (character === '}') braces.pop()
      const end = templateEnd(code, at + 1)
      if (code[end] === '$') braces.push('template')
      at = code[end] === '$' ? end + 2 : end + 1
      before = code[end] === '$' ? '(' : '`'
    } else if (character === '/' && (!endsValue.test(before.trimEnd()) || beforeExpression.test(before.trimEnd()))) {
      const end = literalEnd(code, at)
      const flags = /^[a-z]*/.exec(code.slice(end, end + 10))?.[0] ?? ''
      literals.push({ source: code.slice(at + 1, end - 1), flags })
      at = end + flags.length
      before = ')'
    } else {
      if (character === '{') braces.push('block')
      if (character === '}') braces.pop()
      before = (before + character).slice(-12)
      if (before.endsWith('RegExp(')) calls = true
      at += 1
    }
  }
  return { literals, calls }
}

function lineEnd(code: string, from: number) {
  const end = code.indexOf('\n', from)
  return end < 0 ? code.length : end
}

function stringEnd(code: string, from: number, quote: string) {
  let at = from + 1
  while (code[at] !== quote) at += code[at] === '\\' ? 2 : 1
  return at + 1
}

/** Where the template ends, or its next `${` begins. */
function templateEnd(code: string, from: number) {
  let at = from
  while (code[at] !== '`' && !(code[at] === '$' && code[at + 1] === '{')) at += code[at] === '\\' ? 2 : 1
  return at
}

function literalEnd(code: string, from: number) {
  let isClass = false
  for (let at = from + 1; at < code.length; at += 1) {
    const character = code[at]
    if (character === '\\') at += 1
    else if (character === '[') isClass = true
    else if (character === ']') isClass = false
    else if (character === '/' && !isClass) return at + 1
    else if (character === '\n') break
  }
  throw new Error(`no end of an expression: ${code.slice(from, from + 60)}`)
}

/** What its modules make with `new RegExp` while they are loaded. */
export async function madeExpressions(): Promise<Expression[]> {
  const all: Expression[] = []
  const Original = globalThis.RegExp
  const note = ([source, flags]: unknown[]) => {
    const file = /\/(src\/(?!.*node_modules)[\w/.-]+\.ts)/.exec((new Error().stack ?? '').split('\n').slice(3, 5).join('\n'))?.[1]
    if (file && typeof source === 'string') all.push({ file, source, flags: typeof flags === 'string' ? flags : '' })
  }
  globalThis.RegExp = new Proxy(Original, {
    construct(target, words, self) {
      note(words)
      return Reflect.construct(target, words, self)
    },
    apply(target, self, words) {
      note(words)
      return Reflect.apply(target, self, words)
    },
  })
  try {
    const files = await Array.fromAsync(glob('src/**/*.ts'))
    const entries = /^src\/(?:main|app\/run|sandbox\/page\/app\/.*|sandbox\/start\/.*|.*\.d)\.ts$/
    for (const file of files) if (!entries.test(file) && !file.endsWith('.d.ts')) await import(`../../${file}`)
  } finally {
    globalThis.RegExp = Original
  }
  return all
}

/** A text that leads far into the expression: the pieces that it is made of, each of which may be repeated. */
export function piecesOf({ source, flags }: Pick<Expression, 'source' | 'flags'>): string[] {
  const parser = { source, at: 0, flags: flags.replace(/[gy]/g, '') }
  const pumps: string[] = []
  const whole = alternatives(parser, pumps)
  return [...new Set([...whole, ...pumps])].filter((piece) => piece !== '')
}

interface Parser {
  source: string
  at: number
  flags: string
}

const most = 4

/** Samples of everything up to the closing bracket; what stands under a quantifier, and every beginning, is noted as a pump. */
function alternatives(parser: Parser, pumps: string[]): string[] {
  const all: string[] = []
  for (;;) {
    all.push(...sequence(parser, pumps))
    if (parser.source[parser.at] !== '|') break
    parser.at += 1
  }
  return all.slice(0, 8)
}

function sequence(parser: Parser, pumps: string[]): string[] {
  let so = ['']
  while (parser.at < parser.source.length && !'|)'.includes(parser.source[parser.at] ?? '')) {
    const atoms = atom(parser, pumps)
    const [, quantifier = ''] = /^([*+?]|\{\d*,?\d*\})\??/.exec(parser.source.slice(parser.at)) ?? []
    if (quantifier) {
      parser.at += /^(?:[*+?]|\{\d*,?\d*\})\??/.exec(parser.source.slice(parser.at))?.[0].length ?? 0
      pumps.push(...atoms)
    }
    const least = Math.min(40, Number(/^\{(\d+)/.exec(quantifier)?.[1] ?? 1))
    so = so.flatMap((head) => atoms.slice(0, 2).map((one) => head + one.repeat(Math.max(1, least)))).slice(0, most)
    // Every beginning may be repeated too: what it leads to then fails each time.
    pumps.push(...so.slice(0, 2))
  }
  return so
}

const candidates = [...'aA0 -_./:@=&"\'\n\t+#?<>[](){},;|*~\\!é\u0000\u001b\u200b\ud800', 'xoxb-', '\u00a0']

function atom(parser: Parser, pumps: string[]): string[] {
  const { source } = parser
  const character = source[parser.at] ?? ''
  if (character === '(') {
    const head = /^\((?:\?(?:<?[=!]|:|<\w+>|[ims-]+:))?/.exec(source.slice(parser.at))?.[0] ?? '('
    parser.at += head.length
    const inside = alternatives(parser, pumps)
    parser.at += 1
    if (!/[=!]$/.test(head)) return inside
    pumps.push(...inside)
    return ['']
  }
  if (character === '[') {
    const start = parser.at
    parser.at += 1
    while (source[parser.at] !== ']') parser.at += source[parser.at] === '\\' ? 2 : 1
    parser.at += 1
    return matching(source.slice(start, parser.at), parser.flags)
  }
  if (character === '\\') {
    const [escape = ''] = /^\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[pP]\{\w+(?:=\w+)?\}|k<\w+>|c[A-Z]|[\s\S])/i.exec(source.slice(parser.at)) ?? []
    parser.at += escape.length
    return /^\\(?:[bB]|k<.*|[1-9])$/.test(escape) ? [''] : matching(escape, parser.flags)
  }
  parser.at += 1
  if (character === '.') return ['a', '/']
  return character === '^' || character === '$' ? [''] : [character]
}

function matching(part: string, flags: string) {
  const one = new RegExp(`^(?:${part})$`, flags.replace('m', ''))
  return candidates.filter((candidate) => one.test(candidate)).slice(0, most)
}
