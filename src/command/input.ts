import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { type Sentence, translator } from '../core/i18n.ts'
import { hostsOf } from '../quay/hosts.ts'
import { identify, type Person } from '../security/identity.ts'
import type { Given } from './arguments.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'
import { lacksOf } from './offered.ts'
import { exampleWith, type Problem, problemOf, typedAs, unusableFields, wordless } from './problems.ts'
import { type Typing, tidy } from './tidy.ts'

/** Whose words an input is in: the language of the answer, and the zone of a typed day. */
type Writer = Pick<Person, 'language' | 'timeZone'>

/**
 * Parses the input as the command declares it: values as people write them made plain, checked, with defaults, and with Slack people
 * replaced by their Quay accounts. Throws `invalid` with a sentence for every wrong field, in the person's language.
 */
export async function readInput(bot: Bot, command: Command, given: Given, writer: Writer): Promise<Record<string, unknown>> {
  const tidied = tidy(command, given, { hosts: hostsOf(bot.quay), now: bot.clock(), timeZone: writer.timeZone })
  const { data, error } = command.input.safeParse(await withAccounts(bot, command, tidied), { error: wordless })
  const lacks = lacksOf(bot, command, data ?? {}).map(([field, problem]) => ({ field, problem }))
  const problems = [...unusableFields(command, tidied), ...(error?.issues ?? []).map((issue) => problemOf(issue, command)), ...lacks]
  if (data && problems.length === 0) return data
  throw invalidInput(command, problems, tidied, writer)
}

/** The checks that need no call to Slack or Quay: a modal's submission must be answered within three seconds (docs/slack.md). */
export function checkInput(command: Command, given: Given, typing: Typing): Record<string, Sentence> {
  try {
    const tidied = tidy(command, given, typing)
    const { error } = command.input.safeParse(tidied, { error: wordless })
    return firstOfEach([...unusableFields(command, tidied), ...(error?.issues ?? []).map((issue) => problemOf(issue, command))])
  } catch (error) {
    // An address of another registry: the submission says so, with all else that is wrong.
    if (error instanceof Failure) return {}
    throw error
  }
}

/** One sentence per field: the first problem is most likely the cause of the others. */
function firstOfEach(problems: Problem[]) {
  return Object.fromEntries(problems.toReversed().map(({ field, problem }) => [field, problem]))
}

/** What was typed, what is expected, and an example. Further wrong fields follow, each with its own sentence. */
function invalidInput(command: Command, problems: Problem[], given: Given, { language }: Writer) {
  const t = translator(language)
  const [{ field: name, problem } = { field: '', problem: { message: '', values: {} } }] = problems
  const field = fieldsOf(command).find((one) => one.name === name)
  const labelOf = (one: string) => t.plain(fieldsOf(command).find((other) => other.name === one)?.label ?? one)
  const fields = Object.entries(firstOfEach(problems)).map(([one, { message, values }]) => [
    one,
    { message, values: { ...values, label: labelOf(one) } },
  ])
  const typed = typedAs(field, given[name])
  const example = exampleWith(command, name)
  const sentences = [
    t.plain(problem.message, problem.values),
    typed === undefined ? '' : t.plain('You typed “{typed}”.', { typed }),
    example === undefined ? '' : t.plain('Example: {example}', { example }),
  ]
  const values = { label: labelOf(name), problem: sentences.filter(Boolean).join(language === 'ja' ? '' : ' ') }
  return new Failure('invalid', '{label}: {problem}', values, { fields: Object.fromEntries(fields) })
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
  if (account === undefined)
    throw new Failure('invalid', 'Quaymaster does not know the Quay user of {name}. Enter the Quay user name instead.', { name })
  return account
}
