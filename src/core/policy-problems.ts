import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'

/** A valid example for each path, without positions in lists. */
const examples: Record<string, string> = {
  identity: 'identity: { map: { U024BE7LH: quayadmin }, email: true }',
  'identity.map': 'map: { U024BE7LH: quayadmin }',
  'identity.email': 'email: true',
  'identity.domains': 'domains: [[corp.example, corp.co.example]]',
  log: 'log: debug',
  superusers: 'superusers: [U024BE7LH, S0PLATFORM]',
  protected: 'protected: [platform]',
  archives: 'archives: { hosts: ["*.corp.example"] }',
  default: 'default: run',
  temporary: 'temporary: { required: [{ permissions: [admin], namespaces: ["prod-*"], longest: 12h }], longest: 7d }',
  'break-glass': 'break-glass: [{ people: [S0ONCALL], permissions: [write], namespaces: ["prod-*"], channel: C024BE91L, longest: 1h }]',
  people: 'people: [S0ONCALL]',
  permissions: 'permissions: [write]',
  longest: 'longest: 1h',
  'temporary.required': 'required: [{ permissions: [admin], longest: 12h }]',
  'temporary.longest': 'longest: 12h',
  fallback: 'fallback: { channel: C024BE91L, approvers: [quay:namespace-admin] }',
  approvals: 'approvals: [{ name: new repositories, commands: [repo create], channel: C024BE91L, approvers: [quay:namespace-admin] }]',
  name: 'name: new repositories',
  commands: 'commands: [repo create, mirror create]',
  operations: 'commands: [repo create, mirror create]',
  effects: 'effects: [makes-public, destroys]',
  namespaces: 'namespaces: ["prod-*"]',
  when: 'when: { visibility: public }',
  ask: 'ask: without-right',
  requesters: 'requesters: [everyone]',
  channel: 'channel: C024BE91L',
  approvers: 'approvers: [S0PLATFORM, quay:namespace-admin]',
  needed: 'needed: 1',
  remind: 'remind: [4h, 1d]',
  escalate: 'escalate: { after: 2d, to: [S0MANAGERS] }',
  'escalate.after': 'after: 2d',
  'escalate.to': 'to: [S0MANAGERS]',
  expires: 'expires: 3d',
  reason: 'reason: { required: true, pattern: "JIRA-\\\\d+" }',
  'reason.required': 'required: true',
  'reason.pattern': 'pattern: "JIRA-\\\\d+"',
}

interface Read {
  value: unknown
  document: Document.Parsed
  lines: LineCounter
}

/** Parses the YAML of a file, or returns its syntax errors. An empty file is an empty policy. */
export function readYaml(file: string, text: string): Read | { problems: string[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    return { problems: document.errors.map(({ message, pos: [at] }) => `${file}:${lines.linePos(at).line}: is not YAML: ${message}`) }
  try {
    return { value: document.toJS() ?? {}, document, lines }
  } catch (error) {
    // An alias without its anchor, or a tower of them: the reader finds that only now.
    const { message } = error as Error // of `yaml`
    return { problems: [`${file}:${lines.linePos(badAlias(document)).line}: is not YAML: ${message}`] }
  }
}

/** Where the first alias stands that leads nowhere; else the first of all. */
function badAlias(document: Document.Parsed) {
  const all: { at: number; leads: boolean }[] = []
  visit(document, {
    Alias(_, node) {
      all.push({ at: node.range?.[0] ?? 0, leads: node.resolve(document) !== undefined })
    },
  })
  return (all.find(({ leads }) => !leads) ?? all[0])?.at ?? 0
}

/** Finds the line of a path, such as `policy.yml:12`; for a missing key, that of its parent. */
export function whereIn(file: string, document: Document.Parsed, lines: LineCounter) {
  return (path: PropertyKey[]) => `${file}:${lineOf(document, lines, path)}`
}

/** One line per problem: where, what, and a valid example. */
export function problemsOf(file: string, document: Document.Parsed, lines: LineCounter, issues: z.core.$ZodIssue[]): string[] {
  return issues.flatMap(unknownKeysApart).map(({ path, message }) => {
    const line = lineOf(document, lines, path)
    const example = exampleFor(path)
    return `${file}:${line}: ${nameOf(path)}: ${message}.${example ? ` For example: ${example}` : ''}`
  })
}

interface Problem {
  path: PropertyKey[]
  message: string
}

function unknownKeysApart(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'unknown setting' }))
  const message = issue.code === 'invalid_union' ? unionMessage(issue) : ownWords(issue)
  return [{ path: issue.path, message: message.replace(/\.$/, '') }]
}

const kinds: Record<string, string> = {
  array: 'must be a list',
  object: 'must have settings below it',
  record: 'must have settings below it',
  string: 'must be text',
  boolean: 'must be true or false',
  number: 'must be a number',
  int: 'must be a whole number',
}

/** In place of the validator's words; a message of our own stays. */
function ownWords(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too) /.test(issue.message)) return issue.message
  if (issue.code === 'invalid_type')
    return /received undefined$/.test(issue.message) ? 'is missing' : (kinds[issue.expected] ?? 'is not valid')
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`
  if (issue.code === 'too_small')
    return issue.origin === 'array'
      ? 'must name at least one'
      : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
  if (issue.code === 'too_big') return issue.origin === 'array' ? `must name at most ${issue.maximum}` : `must be at most ${issue.maximum}`
  return 'is not valid'
}

/** The most specific problem among the alternatives of a union. */
function unionMessage({ errors, message }: z.core.$ZodIssueInvalidUnion) {
  const all = errors.flat()
  const best = all.findLast(({ code }) => code === 'invalid_format') ?? all[0]
  const words = best ? ownWords(best) : 'is not valid'
  // A message of our own for the whole union says more than none.
  return words === 'is not valid' && !message.startsWith('Invalid ') ? message : words
}

/** The line of the key; for a missing key, the line of its parent. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: PropertyKey[]) {
  for (let length = path.length; length > 0; length -= 1) {
    const at = startOf(document, path.slice(0, length))
    if (at !== undefined) return lines.linePos(at).line
  }
  return 1
}

function startOf(document: Document.Parsed, path: PropertyKey[]): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
  const last = path.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(last))
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined
  }
  const node = document.getIn(path, true)
  return (node as { range?: [number, number, number] } | undefined)?.range?.[0] // every node of the yaml package has it
}

function exampleFor(path: PropertyKey[]) {
  const names = path.filter((part) => typeof part !== 'number').map(String)
  const inRule = names[0] === 'approvals' || names[0] === 'fallback' ? names.slice(1) : names
  for (let length = inRule.length; length > 0; length -= 1) {
    const found = examples[inRule.slice(0, length).join('.')]
    if (found) return found
  }
  return examples[names[0] ?? '']
}

function nameOf(path: PropertyKey[]) {
  return (
    path
      .map((part) => (typeof part === 'number' ? `[${part + 1}]` : String(part)))
      .join('.')
      .replaceAll('.[', '[') || 'the policy'
  )
}
