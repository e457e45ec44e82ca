import type { Bot } from '../bot.ts'
import type { Outcome } from '../execute.ts'
import { type Translate, translator } from '../language.ts'
import { rememberReply } from '../replies.ts'
import { type ButtonText, buttons, code, type Message, message, note, section } from './blocks.ts'
import { verbOf } from './titles.ts'

type Done = Extract<Outcome, { state: 'done' }>

/** What the person sees of an outcome, with the buttons that go with it. */
export async function outcomeReply(bot: Bot, outcome: Outcome): Promise<Message> {
  const t = translator(outcome.person.language)
  switch (outcome.state) {
    case 'done':
      return withButtons(outcome.operation.view(outcome.result, t), await buttonsUnder(bot, outcome, t))
    case 'preview':
      return previewReply(bot, outcome, t)
    case 'planned':
      return plannedView(outcome, t)
    case 'running':
      return message(
        t('This is running already, with the reference {reference}. Its outcome comes where you asked for it first.', {
          reference: outcome.reference,
        }),
      )
  }
}

function withButtons({ text, blocks }: Message, under: ButtonText[]): Message {
  return under.length === 0 ? { text, blocks } : { text, blocks: [...blocks, buttons(...under)] }
}

/** Older and Newer where there are pages, and *Share in channel*. */
async function buttonsUnder(bot: Bot, { name, person, input, result, operation }: Done, t: Translate): Promise<ButtonText[]> {
  if (operation.private) return []
  const value = await rememberReply(bot, person, { operation: name, input, result })
  return [{ action: 'reply:share', label: t.plain('Share in channel'), value }]
}

async function previewReply(
  bot: Bot,
  { name, operation, person, input, facts, changed }: Extract<Outcome, { state: 'preview' }>,
  t: Translate,
): Promise<Message> {
  const value = await rememberReply(bot, person, { operation: name, input, result: facts })
  const { text, blocks } = operation.preview?.view(facts, t) ?? message('')
  const again = changed ? [section(t('This changed since you looked at it. Look again:'))] : []
  const press: ButtonText = { action: 'preview:confirm', label: t.plain(verbOf(name)), value, style: 'danger' }
  return { text, blocks: [...again, ...blocks, buttons(press, { action: 'preview:cancel', label: t.plain('Cancel'), value })] }
}

/** A dry run: every call that it would make, and that it made none. */
function plannedView({ calls, name }: Extract<Outcome, { state: 'planned' }>, t: Translate): Message {
  const all = calls.map(({ method, path, body }) => `• ${code(`${method} ${path}${body ? ` ${JSON.stringify(body)}` : ''}`).markup}`)
  const first = t('{command} would make {count, plural, =0 {no changing call} one {# changing call} other {# changing calls}} to Quay:', {
    command: code(`/quay ${name}`),
    count: calls.length,
  })
  return message([first, ...all].join('\n'), note(t('This was a dry run: nothing has changed.')))
}
