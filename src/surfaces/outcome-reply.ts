import { decidersView } from '../approvals/deciders-view.ts'
import { withoutQueries, withoutSecrets } from '../command/audit-row.ts'
import { fieldsOf } from '../command/fields.ts'
import { namespacesIn } from '../command/namespaces.ts'
import { kinds } from '../command/object-kinds.ts'
import { objectOf } from '../command/objects.ts'
import { commands } from '../command/registry.ts'
import { firstUndone } from '../command/steps.ts'
import type { Bot } from '../context.ts'
import { type Translate, translator } from '../core/i18n.ts'
import { slash } from '../core/slash-command.ts'
import { revealButton } from '../notifications/credential-offer.ts'
import type { Person } from '../security/identity.ts'
import { type ButtonText, buttons, code, type Message, message, note, rawMarkup, section } from '../slack/blocks.ts'
import { sendFile } from '../slack/files.ts'
import { stepsView } from '../slack/views/steps.ts'
import { offerRequest } from './approvals/offer.ts'
import { listIn } from './download.ts'
import { buttonOf } from './modals/titles.ts'
import { cardBlocks } from './objects/card.ts'
import { nextSteps } from './objects/next-step.ts'
import type { Outcome } from './outcome.ts'
import { pageButtons } from './pages/button-view.ts'
import { isPaged } from './pages/turn.ts'
import { rememberPreview, rememberReply } from './reply-store.ts'

type Done = Extract<Outcome, { state: 'done' }>

/** Renders an outcome for the person, with its buttons. */
export async function outcomeReply(bot: Bot, outcome: Outcome): Promise<Message> {
  const t = translator(outcome.person.language)
  switch (outcome.state) {
    case 'done':
      return doneReply(bot, outcome, t)
    case 'preview':
      return previewReply(bot, outcome, t)
    case 'planned':
      return plannedView(outcome, t)
    case 'offered':
      return offerRequest(bot, outcome, t)
    case 'asked':
      return message(
        t('Request {id} sent to {channel}. You’ll get a direct message when it is approved or denied.', {
          id: code(outcome.request.id),
          channel: rawMarkup(`<#${outcome.request.rule.channel}>`),
        }),
      )
    case 'prepared':
      // Only Slackbot prepares, and its button draws the message of the change anew.
      throw new TypeError(`${outcome.name} was prepared and has a message of its own`)
    case 'running':
      return message(
        t('This is already running, with the reference {reference}. The result appears where you ran it first.', {
          reference: outcome.reference,
        }),
      )
  }
}

async function doneReply(bot: Bot, outcome: Done, t: Translate): Promise<Message> {
  const { command, result, steps, page, person, secret } = outcome
  const { text, blocks } = command.view(result, t)
  const file = command.file?.(result)
  if (file) await sendFile(bot.slack, person.id, { ...file, comment: text })
  // The direct message is stored with the credential and will follow; this button is a second way.
  const reveal = secret?.person === person.id ? [revealButton(secret, t)] : []
  const isList = listIn({ text, blocks }) !== undefined
  const under = [...reveal, ...(page ? pageButtons(page, t) : []), ...(await buttonsIfAny(bot, outcome, isList, t))]
  const card = await cardIfAny(bot, outcome, t)
  return {
    text,
    blocks: [...blocks, ...stepsView(steps, t), ...unwrittenNote(outcome, t), ...card, ...(under.length > 0 ? [buttons(...under)] : [])],
  }
}

/** What can be done with the object that the reply shows. Without it the card is still one. */
async function cardIfAny(bot: Bot, { name, command, input, person, result }: Done, t: Translate) {
  const object = objectOf(name, command, input, result)
  if (!object || kinds[object.kind].card !== name) return []
  try {
    return await cardBlocks(bot, person, object, result, t)
  } catch (err) {
    bot.log.warn({ err, operation: name }, 'could not tell what can be done with an object')
    return []
  }
}

/** The reply when the database failed after the change. */
function unwrittenNote({ unwritten }: Done, t: Translate) {
  if (!unwritten) return []
  const { what } = unwritten
  const record = t('Quaymaster’s database does not respond. The audit log is updated as soon as it does.')
  return what
    ? [
        section(t('{what} is sent by direct message as soon as the database responds.', { what: t.plain(what.message, what.values) })),
        note(record),
      ]
    : [note(record)]
}

/** The command is done, so a reply without buttons is better than an error. */
async function buttonsIfAny(bot: Bot, outcome: Done, isList: boolean, t: Translate): Promise<ButtonText[]> {
  try {
    return await buttonsUnder(bot, outcome, isList, t)
  } catch (err) {
    bot.log.warn({ err, operation: outcome.name }, 'could not store the buttons of a reply')
    return []
  }
}

/** *Retry* for a failed step, *Filter* for a list that can be filtered, *Download* for its rows, and *Share in channel*. */
async function buttonsUnder(
  bot: Bot,
  { name, person, input, result, steps, begun, command, page }: Done,
  isList: boolean,
  t: Translate,
): Promise<ButtonText[]> {
  const kept = withoutQueries(withoutSecrets(command, input))
  const undone = firstUndone(steps)
  const retry =
    undone === undefined
      ? []
      : [
          {
            action: 'reply:retry',
            label: t.plain('Retry'),
            style: 'primary' as const,
            value: await rememberReply(bot, person, { operation: name, input: kept, result: { result, steps: undone, begun } }),
          },
        ]
  const next = await nextButtons(bot, person, command.next?.(result) ?? [], t)
  if (next.length === 0) next.push(...(await stepsIfAny(bot, { name, command, person, input, result }, t)))
  const isPrivate = command.private || command.reveals
  const hasFilters = isPaged(result) && fieldsOf(command).some(({ required }) => !required)
  if (isPrivate && !hasFilters && !isList) return [...retry, ...next]
  const value = await rememberReply(bot, person, { operation: name, input: kept, ...(!isPrivate && { result }) })
  const filter = hasFilters ? [{ action: 'reply:open', label: t.plain('Filter'), value }] : []
  const download = isList ? [{ action: 'list:download', label: t.plain('Download'), value }] : []
  if (isPrivate) return [...retry, ...next, ...filter, ...download]
  // The list is included, so that the person who shares it can turn its pages in the channel.
  const list = page ? ` ${page.id} ${page.index} ${page.older ? 'older' : 'last'}` : ''
  return [
    ...retry,
    ...next,
    ...filter,
    ...download,
    { action: 'reply:share', label: t.plain('Share in channel'), value: `${value}${list}` },
  ]
}

/** While Quay does not say what the person may do next, the reply has its other buttons. */
async function stepsIfAny(bot: Bot, { result, ...about }: Pick<Done, 'name' | 'command' | 'person' | 'input' | 'result'>, t: Translate) {
  try {
    return await nextSteps(bot, about, result, t)
  } catch (err) {
    bot.log.warn({ err, operation: about.name }, 'could not tell what comes next')
    return []
  }
}

function nextButtons(bot: Bot, person: Person, next: { operation: string; input: Record<string, unknown> }[], t: Translate) {
  return Promise.all(
    next.map(async (one): Promise<ButtonText> => {
      const action = commands.get(one.operation)?.changes ? 'reply:open' : 'reply:run'
      return { action, label: t.plain(buttonOf(one.operation)), value: await rememberReply(bot, person, one) }
    }),
  )
}

async function previewReply(
  bot: Bot,
  { name, command, person, input, facts, changed }: Extract<Outcome, { state: 'preview' }>,
  t: Translate,
): Promise<Message> {
  const value = await rememberPreview(bot, person, { operation: name, input: withoutSecrets(command, input), facts })
  const { text, blocks } = command.preview?.view(facts, t) ?? message('')
  const again = changed ? [section(t('This has changed since you viewed it. Check again:'))] : []
  const press: ButtonText = { action: 'preview:confirm', label: t.plain(buttonOf(name)), value, style: 'danger' }
  return { text, blocks: [...again, ...blocks, buttons(press, { action: 'preview:cancel', label: t.plain('Cancel'), value })] }
}

/** A dry run: every call that it would make, that none was made, and who would have to approve by which rule. */
function plannedView({ calls, name, ruling, command, input }: Extract<Outcome, { state: 'planned' }>, t: Translate): Message {
  const all = (calls ?? []).map(
    ({ method, path, body }) => `• ${code(`${method} ${path}${body ? ` ${JSON.stringify(body)}` : ''}`).markup}`,
  )
  const first = calls
    ? t('Dry run: {command} would make {count, plural, =0 {no changes} one {# change} other {# changes}}:', {
        command: code(slash(name)),
        count: calls.length,
      })
    : t('You don’t have permission for {command}, so it would need approval.', { command: code(slash(name)) })
  return message(
    [first, ...all].join('\n'),
    ...(ruling.verdict === 'ask' ? [section(decidersView(ruling.rule, t, namespacesIn(command, input)))] : []),
    note(t('This was a dry run: nothing has changed.')),
  )
}
