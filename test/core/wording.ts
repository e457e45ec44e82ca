import { globSync, readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import { parseAst } from 'rolldown/parseAst'

export interface Habit {
  name: string
  pattern: RegExp
}

/** Habits of wording that people who know Quay, or English, find odd. Each is a class, so a new sentence of its kind fails too. */
export const habits: Habit[] = [
  { name: 'British spelling', pattern: /\b(organis|synchronis|authoris|recognis|normalis|colour|favour|behaviour|catalogue)/i },
  { name: 'the bot as a person', pattern: /(?<!App )\b(I|I’m|I'm|me|my|mine)\b(?!\))/ },
  { name: '“Let X do Y”', pattern: /(^|[.!?:] |: )Let \p{L}/u },
  { name: '“is no …” for “is not a …”', pattern: /\b(is|are|was|were) no\b(?! longer)/i },
  {
    name: '“may” for a permission',
    pattern:
      /\b(you|who|they|nobody|somebody|anybody|everybody|people|users|members|admins|it|robots?) may\b(?! (be|have|also|apply|show|take|not be)\b)/i,
  },
  { name: '“stands for” for “points to”', pattern: /\b(stand|stands|stood) for\b/i },
  { name: 'to hear for to be notified', pattern: /\b(hear|hears|heard)\b/i },
  { name: 'to hand on', pattern: /\bhand(s|ed)? on\b/i },
  { name: 'to take back, away or out', pattern: /\b(take|takes|took|taken) (\S+ ){0,6}(back|away|out)\b/i },
  { name: 'to put into', pattern: /\bput\b .*\binto\b|\bput \S+ in\b/i },
  {
    name: 'archaic words',
    pattern:
      /\b(anew|whoever|whatever|beside|shall|whom|thereof|forever|for ever|for good|any more|so many|so much|all the same|to the end|gets round|hand free|flies on)\b/i,
  },
  { name: '“has to” for “must”', pattern: /\b(has|have|had) to\b/i },
  { name: 'decisions for approvals', pattern: /\b(decide|decides|decided|decision|decisions|decider|deciders)\b/i },
  { name: 'rights for permissions', pattern: /\brights?\b(?! now)/i },
  { name: 'accounts for users', pattern: /(?<!robot |Robot |Slack )\baccounts?\b/ },
  { name: 'a robot without its account', pattern: /(?<!pull |Pull )\brobots?\b(?! accounts?\b| (create|delete|list|rotate|show)\b)/i },
  { name: 'Quay’s pages for its web console', pattern: /Quay’s (own )?pages/i },
  { name: 'the record for the audit log', pattern: /\bthe record\b|\bsealed\b|\b(the|this|every) rows?\b/i },
  { name: 'the run of a mirror for its sync', pattern: /\brun of a mirror\b|\bmirrored of\b/i },
  { name: 'windows for dialogs', pattern: /\b(window|windows)\b/i },
  { name: 'asked for for requested', pattern: /\b(asks|asked) (for|to)\b/i },
]

/** What a reader sees of an ICU message: its texts without values and the names of cases. */
export function readable(message: string): string {
  const parts = (elements: Element[]): string =>
    elements
      .map((element) => {
        if ('options' in element)
          return ` ${Object.values(element.options)
            .map(({ value }) => parts(value))
            .join(' | ')} `
        return element.type === 0 ? element.value : '…'
      })
      .join('')
  return parts(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst())
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

/** How deep choices stand in each other: `{a, select, x {{b, plural, …}}}` is 2. */
export function depthOf(message: string): number {
  const depth = (elements: Element[]): number =>
    Math.max(
      0,
      ...elements.map((element) =>
        'options' in element ? 1 + Math.max(0, ...Object.values(element.options).map(({ value }) => depth(value))) : 0,
      ),
    )
  return depth(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst())
}

type Node = { type: string; [field: string]: unknown }

const levels = new Set(['info', 'warn', 'error', 'fatal', 'debug'])

/** The lines for operators: the texts of log calls and the help of metrics, with their files. */
export function operatorLines(): { file: string; text: string }[] {
  return globSync('src/**/*.ts')
    .filter((file) => !file.startsWith('src/sandbox/'))
    .flatMap((file) => linesIn(file).map((text) => ({ file, text })))
}

function linesIn(file: string): string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, callee, arguments: given = [], key, value } = node as Node
    if (type === 'CallExpression' && levels.has(nameOf((callee as Node).property))) found.push(...(given as Node[]).flatMap(textOf))
    if (type === 'Property' && nameOf(key) === 'help' && /measure|metrics/.test(file)) found.push(...textOf(value as Node))
    Object.values(node).forEach(visit)
  }
  visit(parseAst(readFileSync(file, 'utf8'), { lang: 'ts' }))
  return found
}

function nameOf(node: unknown) {
  return String((node as { name?: string } | undefined)?.name ?? '')
}

function textOf({ type, value }: Node) {
  return type === 'Literal' && typeof value === 'string' ? [value] : []
}
