import type { CallToolResult } from '@modelcontextprotocol/server'
import { commandOf } from '../../command/arguments.ts'
import { withoutSecrets } from '../../command/audit-row.ts'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { plain } from '../../core/canonical-json.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { identifyInSlack } from '../../security/identity.ts'
import { failureOf } from '../../slack/errors.ts'
import { type Kept, postKeyed } from '../../slack/post-key.ts'
import { execute } from '../execute.ts'
import { answerWith } from './answer.ts'
import type { Calling } from './calling.ts'
import { asText } from './data.ts'
import { preparedMessage } from './prepared-card.ts'
import { dropPrepared, keepPrepared, type Prepared, takePlace, waitingFor } from './prepared-store.ts'
import type { CalledCommand } from './read-call.ts'

/**
 * Prepares a change: it is checked like a typed one, stored for ten minutes, and posted to the person by direct message with *Apply*.
 * The same call prepares once. Without that message nothing is prepared. Throws what `execute` throws, `conflict` when five wait
 * already, and the Failure of a message that Slack does not take.
 */
export async function prepare(calling: Calling, { name, given, reason }: CalledCommand): Promise<CallToolResult> {
  const { bot, user, reference, log } = calling
  const outcome = await execute(bot, { name, given, user, key: `slackbot ${reference}`, reference, log, tool: true })
  if (outcome.state !== 'prepared') throw new TypeError(`${name} was to be prepared and is ${outcome.state}`)
  const { command, person, input, ruling } = outcome
  const kept = plain(withoutSecrets(command, input)) as Record<string, unknown> // the same as JSON
  const taken = await takePlace(bot, person, { operation: name, input: kept, facts: outcome.facts, reason })
  const prepared =
    'same' in taken ? taken.same : await post(calling, taken.made, preparedMessage(taken.made, { ruling }, translator(person.language)))
  const t = translator(person.language)
  const sentence = t.plain('Prepared, and nothing has changed: press Apply in the direct message from Quaymaster to run {command}.', {
    command: typedOf(bot, prepared),
  })
  return answerWith(sentence, { prepared: described(bot, prepared), needs_approval: ruling.verdict === 'ask' })
}

async function post({ bot, user, log }: Calling, made: Prepared, message: ReturnType<typeof preparedMessage>): Promise<Prepared> {
  const sent = await postKeyed(bot, { key: `prepared ${made.id}`, channel: user, message }).catch(async (error: unknown) => {
    await dropPrepared(bot, made)
    throw error
  })
  if (sent.became !== 'posted') {
    log.warn({ became: sent.became }, 'Slack did not take the message of a prepared change')
    await dropPrepared(bot, made)
    throw notPosted(sent)
  }
  const prepared = { ...made, state: 'waiting' as const, place: sent.place, ts: sent.ts }
  await keepPrepared(bot, prepared)
  return prepared
}

function notPosted(sent: Exclude<Kept, { became: 'posted' }>) {
  const why = 'problem' in sent ? failureOf(sent.problem) : undefined
  return new Failure(
    why?.code ?? 'unavailable',
    'Nothing was prepared, because Slack did not deliver the direct message with the preview.',
    {},
    { passes: why?.passes ?? true },
  )
}

/** What waits for the person’s press of *Apply*. Only Slack is asked who they are. */
export async function waitingAnswer({ bot, user }: Calling): Promise<CallToolResult> {
  const { team, language } = await identifyInSlack(bot, user)
  const waiting = await waitingFor(bot, { id: user, team })
  const t = translator(language)
  const sentence = t.plain(
    '{count, plural, =0 {No prepared changes.} one {# prepared change. Press Apply to run it.} other {# prepared changes. Press Apply to run them.}}',
    { count: waiting.length },
  )
  return answerWith(sentence, { waiting: waiting.map((one) => described(bot, one)) })
}

/** The id stays out: whoever knew it could draw a button of their own. */
function described(bot: Bot, prepared: Prepared) {
  const { place, ts, expiresAt } = prepared
  const link = place !== null && ts !== null ? `${bot.slack.url}archives/${place}/p${ts.replace('.', '')}` : undefined
  return { command: typedOf(bot, prepared), expires_in_seconds: Math.max(0, Math.round((expiresAt - bot.clock()) / 1000)), message: link }
}

function typedOf(bot: Bot, { operation, input }: Prepared) {
  const command = commands.get(operation)
  return asText(command ? commandOf(operation, command, input) : operation, { origin: bot.quay.url })
}
