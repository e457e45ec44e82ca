import { z } from 'zod'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { type Language, type Sentence, translator } from '../core/i18n.ts'
import { identify } from '../security/identity.ts'
import type { Given } from './arguments.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'
import { lacksOf } from './offered.ts'

const locales: Record<Language, z.core.$ZodErrorMap> = { en: z.locales.en().localeError, ja: z.locales.ja().localeError }

// Marks zod's own messages, which are already in the person's language. A schema's own messages are translated by us.
const mark = '\u0000'

/** zod's own messages in one language; a message of the schema takes precedence. */
function zodIn(language: Language): z.core.$ZodErrorMap {
  return (issue) => {
    const said = locales[language](issue)
    return `${mark}${typeof said === 'string' ? said : (said?.message ?? '')}`
  }
}

/**
 * Parses the input as the command declares it: checked, with defaults, and with Slack people replaced by their Quay accounts.
 * Throws `invalid` with a sentence for every wrong field, in the person's language.
 */
export async function readInput(bot: Bot, command: Command, given: Given, language: Language): Promise<Record<string, unknown>> {
  const { data, error } = command.input.safeParse(await withAccounts(bot, command, given), { error: zodIn(language) })
  const problems = [...(error?.issues ?? []).map(problemOf), ...unusableFields(given), ...lacksOf(bot, command, data ?? {})]
  if (data && problems.length === 0) return data
  throw invalidInput(command, problems, language)
}

/** The checks that need no call to Slack or Quay: a modal's submission must be answered within three seconds (docs/slack.md). */
export function checkInput(command: Command, given: Given, language: Language): Record<string, Sentence> {
  const { error } = command.input.safeParse(given, { error: zodIn(language) })
  return firstOfEach([...(error?.issues ?? []).map(problemOf), ...unusableFields(given)])
}

/** One sentence per field: the first problem is most likely the cause of the others. */
function firstOfEach(problems: Problem[]) {
  return Object.fromEntries(problems.toReversed())
}

type Problem = [field: string, problem: Sentence]

function problemOf(issue: z.core.$ZodIssue): Problem {
  const field = issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.path[0]
  const { message } = issue
  const problem: Sentence = message.startsWith(mark)
    ? { message: '{problem}', values: { problem: sentence(message.slice(mark.length)) } }
    : { message: sentence(message), values: {} }
  return [String(field ?? ''), problem]
}

function sentence(text: string) {
  return /[.。!?]$/.test(text) ? text : `${text}.`
}

// PostgreSQL rejects NUL, Slack shows no control characters, and in a log they hide what follows. U+FFFD replaces one (slack-door.ts).
const unusable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]|\p{Cs}/u

function unusableFields(given: Given): Problem[] {
  return Object.entries(given).flatMap(([field, value]) =>
    [value].flat().some((one) => typeof one === 'string' && unusable.test(one))
      ? [[field, { message: 'It holds a control character that cannot be used. Type it anew.', values: {} }] as Problem] // otherwise inferred as a list of unions
      : [],
  )
}

function invalidInput(command: Command, problems: Problem[], language: Language) {
  const t = translator(language)
  const fields = firstOfEach(problems)
  const [[name, problem] = ['', { message: '', values: {} }]] = problems
  const label = fieldsOf(command).find((field) => field.name === name)?.label ?? name
  const values = { label: t.plain(label), problem: t.plain(problem.message, problem.values) }
  return new Failure('invalid', '{label}: {problem}', values, { fields })
}

/** Replaces `@U024BE7LH` in a field that names a user by that person's account. Throws `invalid` if they have none. */
async function withAccounts(bot: Bot, command: Command, given: Given): Promise<Given> {
  const entries = await Promise.all(
    Object.entries(given).map(async ([name, value]) => {
      const field = fieldsOf(command).find((one) => one.name === name)
      if (field?.of !== 'user') return [name, value]
      return [name, Array.isArray(value) ? await Promise.all(value.map((one) => accountOf(bot, one))) : await accountOf(bot, value)]
    }),
  )
  return Object.fromEntries(entries)
}

async function accountOf(bot: Bot, value: unknown) {
  if (typeof value !== 'string' || !/^@[UW][A-Z0-9]+$/.test(value)) return value
  const { account, name } = await identify(bot, value.slice(1))
  if (account === undefined) throw new Failure('invalid', 'I do not know the Quay account of {name}. Write the account instead.', { name })
  return account
}
