import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { fieldsOf } from '../../src/command/fields.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { buttonOf, titleOf } from '../../src/surfaces/modals/titles.ts'

// Nodes are read as far as their fields look; ESTree's own types would need a cast at every step.
type Node = { type: string; [field: string]: unknown }

/** Sentences reach `t` through these as well: `[file, constant]`. */
const tables: [file: string, name: string][] = [
  ['src/commands/audit/list.ts', 'words'],
  ['src/command/pattern-field.ts', 'sentences'],
  ['src/slack/views/log-kinds.ts', 'logKinds'],
  ['src/commands/subscription/show.ts', 'eventWords'],
  ['src/notifications/subscription-view.ts', 'groupWords'],
  ['src/notifications/subscription-view.ts', 'severityWords'],
  ['src/slack/views/scan.ts', 'severityWords'],
  ['src/surfaces/approvals/offer.ts', 'titles'],
]

// What an operator reads at the start, in English: no Slack language is known there. And what a language model is told of the tools,
// which is the same for everybody.
const forOperators =
  /^src\/(main|sandbox\/|db\/(?!errors)|app\/tools\/|app\/(?:run|listen|serve|start|retention|policy-command|control|storage)\.|core\/(?:config|setting-kinds|policy|policy-problems|policy-names|keys|log|disk-problem)\.|approvals\/(?:policy-checks|never-matches|rules)\.|surfaces\/slackbot\/(?:server|tools)\.)/

const trees = new Map<string, Node>()
// The declarations in a file, by name.
const locals = new Map<string, Map<string, Node[]>>()

let all: Promise<Set<string>> | undefined

/** Every message that a person can meet: those in the source by its syntax tree, those of the operations as they declare them. */
export function allSentences(): Promise<Set<string>> {
  all ??= readSentences()
  return all
}

async function readSentences() {
  await loadCommands()
  const files = globSync('src/**/*.ts').filter((file) => !forOperators.test(file))
  const found = [...files.flatMap(sentencesIn), ...tables.flatMap(([file, name]) => constant(file, name)), ...declared()]
  return new Set(found.filter(isSentence))
}

// Not said to people: examples of commands, reasons for tests and readers of the code, words of other services.
const forNobody = /^(ownBusiness|none|examples|help|description)$/

/**
 * Texts of the source that look like sentences (a capital, four words, a full stop or a value) and are in no catalog: they would be
 * English for everybody. Log lines, errors for developers and what is declared as no sentence do not count.
 */
export async function straySentences(): Promise<string[]> {
  const known = await allSentences()
  const stray = (text: string) =>
    /^[\p{Lu}:{•]/u.test(text) &&
    /\S+ \S+ \S+/.test(text) &&
    /[.?…]$|\{\w+\}/.test(text) &&
    /\p{L}{2}/u.test(text.replaceAll(/\{[^}]*\}/g, ''))
  return globSync('src/**/*.ts')
    .filter((file) => !forOperators.test(file))
    .flatMap((file) => {
      const found: string[] = []
      walk(treeOf(file), (node, above) => {
        const text = node.type === 'Literal' && typeof node.value === 'string' ? node.value : ''
        if (stray(text) && !known.has(text) && !known.has(`${text}.`) && !above.some(isForNobody)) found.push(`${file}: ${text}`)
      })
      return found
    })
}

function isForNobody(node: Node) {
  if (node.type === 'Property') return forNobody.test(nameOf(node.key))
  if (node.type === 'NewExpression') return /Error$/.test(nameOf(node.callee))
  const callee = (node.callee ?? {}) as Node
  return node.type === 'CallExpression' && /^(debug|info|warn|error|fatal|describe)$/.test(nameOf(callee.property))
}

// What holds no word of ours is the same in every language: `{label}: {problem}`.
function isSentence(text: string) {
  return /\p{L}/u.test(text.replaceAll(/\{\w+\}|:\w+:/g, '')) && !/^\w+\/\w+$/.test(text)
}

function declared() {
  return [...commands].flatMap(([name, operation]) => [
    titleOf(name),
    buttonOf(name),
    operation.summary,
    operation.help ?? '',
    operation.runBy ?? '',
    ...fieldsOf(operation).flatMap(({ label, hint = '', options, labels, type, of }) => [
      label,
      hint,
      ...(of ? [] : options.map((one) => labels[one] ?? capital(one))),
      ...Object.values(labels),
      ...(type === 'boolean' ? [labels.yes ?? 'Yes', labels.no ?? 'No'] : []),
    ]),
  ])
}

function capital(word: string) {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function sentencesIn(file: string) {
  const found: string[] = []
  walk(treeOf(file), (node) => {
    for (const expression of sentencePlaces(node, file)) found.push(...texts(expression, file))
    for (const rule of ruleMessages(node).filter((text) => text.includes(' '))) found.push(/[.。!?]$/.test(rule) ? rule : `${rule}.`)
  })
  return found
}

/** The expressions under this node that become messages. */
function sentencePlaces(node: Node, file: string): (Node | undefined)[] {
  const [first, second] = (node.arguments ?? []) as Node[]
  if (node.type === 'NewExpression' && nameOf(node.callee) === 'Failure') return [second]
  // A list is of words: `message: ['announcement', 'banner']` are aliases of a noun.
  if (node.type === 'Property' && nameOf(node.key) === 'message')
    return /^(Array|Object)Expression$/.test((node.value as Node).type) ? [] : [node.value as Node]
  if (node.type !== 'CallExpression') return []
  const callee = node.callee as Node
  if (callee.type === 'MemberExpression') return nameOf(callee.property) === 'plain' ? [first] : []
  const name = callee.type === 'CallExpression' && nameOf(callee.callee) === 'translator' ? 't' : nameOf(callee)
  if (name === 't' || name === 'waiting' || isTranslator(name, file)) return [first]
  const place = messagePlace(name, file)
  return place < 0 ? [] : [((node.arguments ?? []) as Node[])[place]]
}

/** Which argument of a function of ours is its `message`: `fieldProblem('tag', 'There is no …')`; -1 for all others. */
function messagePlace(name: string, file: string): number {
  for (const node of treeOf(file).body as Node[]) {
    const declaration = (node.type === 'ExportNamedDeclaration' ? (node.declaration as Node | null) : node) ?? node
    if (declaration.type === 'FunctionDeclaration' && nameOf(declaration.id) === name)
      return (declaration.params as Node[]).findIndex((parameter) => nameOf(parameter) === 'message')
    const found = importedFrom(node, name)
    if (found) return messagePlace(found.name, join(dirname(file), found.from))
  }
  return -1
}

/** The file of ours that an import has the name from, and what it is called there. */
function importedFrom(node: Node, name: string) {
  const imported = node.type === 'ImportDeclaration' && (node.specifiers as Node[]).find(({ local }) => nameOf(local) === name)
  const from = String((node.source as Node | undefined)?.value ?? '')
  return imported && from.startsWith('.') ? { from, name: nameOf(imported.imported) } : undefined
}

/** The messages that a zod schema brings itself: `.regex(…, 'must …')`, `.refine(…, 'must …')`, `{ error: '…' }`. */
function ruleMessages(node: Node): string[] {
  if (node.type === 'Property' && nameOf(node.key) === 'error') return literal(node.value as Node)
  if (node.type !== 'CallExpression') return []
  const callee = node.callee as Node
  const rule = callee.type === 'MemberExpression' ? nameOf(callee.property) : ''
  if (!['regex', 'refine', 'min', 'max', 'length', 'check'].includes(rule)) return []
  return ((node.arguments ?? []) as Node[]).slice(1).flatMap(literal)
}

/** All texts that an expression can come to, as far as constants tell. */
function texts(node: Node | undefined, file: string): string[] {
  if (!node) return []
  const part = (name: string) => texts(node[name] as Node, file)
  switch (node.type) {
    case 'ConditionalExpression':
      return [...part('consequent'), ...part('alternate')]
    case 'LogicalExpression':
      return [...part('left'), ...part('right')]
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return part('expression')
    case 'MemberExpression':
      // `sentences[method][which]` is one of its table's, too.
      return texts(node.object as Node, file)
    case 'CallExpression': {
      // `entryOf(states, status)` is one of the table, as `states[status]` is.
      const [table] = (node.arguments ?? []) as Node[]
      return nameOf(node.callee) === 'entryOf' && table?.type === 'Identifier' ? constant(file, nameOf(table)) : literal(node)
    }
    case 'Identifier':
      return constant(file, nameOf(node))
    case 'ObjectExpression':
      return ((node.properties as Node[]) ?? []).flatMap((one) => texts(one.value as Node, file))
    case 'ArrayExpression':
      return (node.elements as Node[]).flatMap((one) => texts(one, file))
    default:
      return literal(node)
  }
}

function literal(node: Node): string[] {
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value]
  if (node.type !== 'TemplateLiteral' || (node.expressions as Node[]).length > 0) return []
  return (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked)
}

/** Whether a name of the file is another `t`: `const own = translator(person.language)`. */
function isTranslator(name: string, file: string) {
  return localsOf(file, name).some(({ init }) => {
    const { type, callee } = (init ?? {}) as Node
    return type === 'CallExpression' && nameOf(callee) === 'translator'
  })
}

/** Every declaration of the name in the file, in whatever function. */
function localsOf(file: string, name: string): Node[] {
  const known = locals.get(file) ?? declarationsIn(file)
  locals.set(file, known)
  return known.get(name) ?? []
}

function declarationsIn(file: string) {
  const found: Node[] = []
  walk(treeOf(file), (node) => {
    if (node.type === 'VariableDeclarator') found.push(node)
  })
  return Map.groupBy(found, ({ id }) => nameOf(id))
}

const reading = new Set<string>()

/** The texts of a constant of a file, or of the one that the file imports by that name. */
function constant(file: string, name: string): string[] {
  // A constant made of itself, as `const message = message ?? '…'` of two functions, is read once.
  const key = `${file} ${name}`
  if (reading.has(key)) return []
  reading.add(key)
  const found = constantOnce(file, name)
  reading.delete(key)
  return found
}

function constantOnce(file: string, name: string): string[] {
  for (const node of treeOf(file).body as Node[]) {
    const declaration = (node.type === 'ExportNamedDeclaration' ? (node.declaration as Node | null) : node) ?? node
    const declarators = declaration.type === 'VariableDeclaration' ? (declaration.declarations as Node[]) : []
    const found = declarators.find(({ id }) => nameOf(id) === name)
    if (found) return texts(found.init as Node, file)
    const imported = importedFrom(node, name)
    if (imported) return constant(join(dirname(file), imported.from), imported.name)
  }
  return localsOf(file, name).flatMap(({ init }) => texts(init as Node, file))
}

function nameOf(node: unknown): string {
  const { type, name } = (node ?? {}) as { type?: string; name?: string }
  return type === 'Identifier' ? (name ?? '') : ''
}

function treeOf(file: string): Node {
  const tree = trees.get(file) ?? (parseAst(readFileSync(file, 'utf8'), { lang: 'ts' }) as unknown as Node)
  trees.set(file, tree)
  return tree
}

/** Visits every node with those above it, the outermost first. */
function walk(node: unknown, visit: (node: Node, above: Node[]) => void, above: Node[] = []) {
  if (Array.isArray(node)) for (const one of node) walk(one, visit, above)
  else if (typeof node === 'object' && node !== null && typeof (node as Node).type === 'string') {
    visit(node as Node, above)
    const inside = [...above, node as Node]
    for (const child of Object.values(node)) if (typeof child === 'object') walk(child, visit, inside)
  }
}
