import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Bot } from '../../context.ts'
import { digestOf } from '../../core/digest.ts'
import { track } from '../../core/drain.ts'
import { Failure, logged } from '../../core/failure.ts'
import { type Sentence, type Translate, translator } from '../../core/i18n.ts'
import { newReference } from '../../core/reference.ts'
import { audit } from '../../security/audit-log.ts'
import { translatorFor } from '../../security/language.ts'
import { teamOf } from '../../slack/clients.ts'
import { slackFailure } from '../../slack/errors.ts'
import { execute } from '../execute.ts'
import { answerWith, failedAnswer, readAnswer } from './answer.ts'
import type { Caller } from './caller.ts'
import type { Calling } from './calling.ts'
import { findCommands } from './find.ts'
import { prepare, waitingAnswer } from './prepare.ts'
import { readCall, type ToolCall } from './read-call.ts'
import type { Tool } from './tools.ts'

// Slack aborts after 60 seconds, and a person has turned away long before.
const patience = 20_000

/** What a call came to: its answer, and the verdict for the audit log. */
interface Said {
  answer: CallToolResult
  verdict: Sentence
  /** For the metrics: `done`, or the code of the Failure. */
  outcome: string
}

/**
 * Answers a call of a tool within 20 seconds, for a person whom the door has verified, and writes who called what to the audit log.
 * It never throws: a refusal is an answer with `isError`.
 */
export async function callTool(bot: Bot, { user }: Caller, tool: Tool, given: unknown): Promise<CallToolResult> {
  const reference = newReference()
  const log = bot.log.child({ reference, user, about: tool.name })
  const late = Promise.withResolvers<CallToolResult>()
  const timer = setTimeout(() => late.resolve(tooLate(translator(bot.config.LANGUAGE))), patience)
  return Promise.race([track(bot, answered({ bot, user, reference, log }, tool, given)), late.promise]).finally(() => clearTimeout(timer))
}

async function answered(calling: Calling, tool: Tool, given: unknown): Promise<CallToolResult> {
  let call: ToolCall | undefined
  try {
    call = await readCall(calling, tool, given)
    const said = await answerOf(calling, tool, call)
    return await recorded(calling, tool, { call, given, said })
  } catch (thrown) {
    const said = await refusalOf(calling, thrown)
    return await recorded(calling, tool, { call, given, said }).catch((err: unknown) => {
      calling.log.error({ err }, 'could not write a call of Slackbot to the audit log')
      return said.answer
    })
  }
}

async function answerOf(calling: Calling, tool: Tool, call: ToolCall): Promise<Said> {
  const { bot, user, reference, log } = calling
  const done = { verdict: { message: 'Answered Slackbot.', values: {} }, outcome: 'done' }
  if (call.kind === 'find') return { answer: await findCommands(calling, call.words), ...done }
  if (call.kind === 'waiting') return { answer: await waitingAnswer(calling), ...done }
  if (typeof tool.does === 'object' && 'prepare' in tool.does)
    return { answer: await prepare(calling, call), verdict: preparedVerdict, outcome: 'prepared' }
  const { name, given } = call
  const outcome = await execute(bot, { name, given, user, key: `slackbot ${reference}`, reference, log, tool: true })
  if (outcome.state !== 'done') throw new TypeError(`${name} was to be read and is ${outcome.state}`)
  return { answer: readAnswer(bot, outcome), ...done }
}

const preparedVerdict = { message: 'Prepared by Slackbot: nothing was changed.', values: {} }

/** The answer to a failure. A bug is told by its reference, as everywhere. */
async function refusalOf({ bot, user, reference, log }: Calling, thrown: unknown): Promise<Said> {
  const error = slackFailure(thrown) ?? thrown
  const t = await translatorFor(bot, user)
  if (error instanceof Failure) {
    log.info(logged(error), 'refused or failed')
    return { answer: failedAnswer(error, bot.quay.url, t), verdict: error.sentence, outcome: error.code }
  }
  log.error({ err: error }, 'unexpected error')
  const verdict = { message: 'Something went wrong. Contact your operator with reference {reference}.', values: { reference } }
  return { answer: answerWith(t.plain(verdict.message, verdict.values), { refused: 'bug' }, { isError: true }), verdict, outcome: 'bug' }
}

/** Writes person, door, tool, digest of the arguments and verdict to the audit log. What the command itself did has entries of its own. */
async function recorded(
  { bot, user, reference }: Calling,
  tool: Tool,
  { call, given, said }: { call: ToolCall | undefined; given: unknown; said: Said },
) {
  const operation = call?.kind === 'command' ? call.name : tool.name
  bot.metrics.commands.inc({ operation, outcome: said.outcome })
  const person = { id: user, team: teamOf(bot.slack), name: user, account: undefined }
  const input = { door: 'slackbot', tool: tool.name, arguments: digestOf(given) }
  await audit(bot, bot.db, { operation, reference, person, input, phase: 'tool', outcome: said.verdict })
  return said.answer
}

function tooLate(t: Translate) {
  return answerWith(t.plain('Quay is taking longer than usual. Ask again in a minute.'), { refused: 'unavailable' }, { isError: true })
}
