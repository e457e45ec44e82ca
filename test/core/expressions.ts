import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { parseAst } from 'rolldown/parseAst'

export interface Expression {
  file: string
  source: string
  flags: string
}

// Nodes are read as far as their fields look.
type Node = { type: string; [field: string]: unknown }

/** Every regular expression that is written in the source tree, and the files in which one is made of a text. */
export async function writtenExpressions() {
  const files = (await Array.fromAsync(glob('src/**/*.{ts,tsx}'))).filter((file) => !file.endsWith('.d.ts')).toSorted()
  const found = files.map((file) => ({
    file,
    nodes: nodesIn(parseAst(readFileSync(file, 'utf8'), { lang: file.endsWith('x') ? 'tsx' : 'ts' })),
  }))
  const all = found.flatMap(({ file, nodes }) =>
    nodes.flatMap((node) => (node.regex ? [{ file, ...written(node.regex as { pattern: string; flags: string }) }] : [])),
  )
  return { all, made: found.filter(({ nodes }) => nodes.some(isMade)).map(({ file }) => file) }
}

function written({ pattern, flags }: { pattern: string; flags: string }) {
  return { source: pattern, flags }
}

function isMade({ type, callee }: Node) {
  return (type === 'NewExpression' || type === 'CallExpression') && (callee as Node).name === 'RegExp'
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(nodesIn)
  return 'type' in value && typeof value.type === 'string' ? [value as Node, ...inside] : inside
}

/** What its modules make with `new RegExp` while they are loaded: in a process of its own, because this one has loaded many of them. */
export function madeExpressions(): Expression[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', './src/db/load.ts', 'test/core/made-expressions.ts'], {
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout.split('\n').at(-1) ?? '') as Expression[] // as it writes them
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
    const [part = ''] =
      /^\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[pP]\{\w+(?:=\w+)?\}|k<\w+>|c[A-Z]|[\s\S])/i.exec(source.slice(parser.at)) ?? []
    parser.at += part.length
    return /^\\(?:[bB]|k<.*|[1-9])$/.test(part) ? [''] : matching(part, parser.flags)
  }
  parser.at += 1
  if (character === '.') return ['a', '/']
  return character === '^' || character === '$' ? [''] : [character]
}

function matching(part: string, flags: string) {
  const one = new RegExp(`^(?:${part})$`, flags.replace('m', ''))
  return candidates.filter((candidate) => one.test(candidate)).slice(0, most)
}
