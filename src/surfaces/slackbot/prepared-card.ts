import { decidersView, namespacesOf } from '../../approvals/deciders-view.ts'
import { factLines } from '../../approvals/fact-views.ts'
import { inputRows } from '../../approvals/input-rows.ts'
import type { Ruling } from '../../approvals/rules.ts'
import { commandOf } from '../../command/arguments.ts'
import { effectsOf } from '../../command/command.ts'
import { drawStored } from '../../command/draw-stored.ts'
import { commands } from '../../command/registry.ts'
import type { Translate } from '../../core/i18n.ts'
import { buttons, code, lines, type Message, message, moment, note, quoted, section } from '../../slack/blocks.ts'
import type { Prepared } from './prepared-store.ts'

/** How a prepared change is drawn: with its buttons, drawn anew because something changed, or ended. */
export interface Drawing {
  ruling: Ruling
  changed?: boolean
}

/** The message in which a person applies what Slackbot prepared: the command with all its values, the facts, and who must approve. */
export function preparedMessage(prepared: Prepared, { ruling, changed = false }: Drawing, t: Translate): Message {
  const { operation, input, expiresAt, id } = prepared
  const command = commands.get(operation)
  const first = t('{summary}: {command}. Prepared by Slackbot; nothing has changed yet.', {
    summary: t.plain(command?.summary ?? ''),
    command: code(command ? commandOf(operation, command, input) : operation),
  })
  const isDangerous = command !== undefined && effectsOf(command, input).some((effect) => effect === 'destroys' || effect === 'overwrites')
  const apply = {
    action: 'prepared:apply',
    label: t.plain('Apply'),
    value: id,
    style: isDangerous ? ('danger' as const) : ('primary' as const),
  }
  const { text, blocks } = message(first)
  return {
    text,
    blocks: [
      ...(changed ? [section(t('This has changed since you viewed it. Check again:'))] : []),
      ...blocks,
      ...contentBlocks(prepared, t),
      ...(ruling.verdict === 'ask' ? [section(decidersView(ruling.rule, t, namespacesOf(operation, input)))] : []),
      note(
        t('Slackbot can’t press *Apply*: only you can, until {until}. Your permissions are checked again then.', {
          until: moment(expiresAt),
        }),
      ),
      buttons(apply, { action: 'prepared:cancel', label: t.plain('Cancel'), value: id }),
    ],
  }
}

/** The message after its end: what was prepared, and what became of it, without buttons. */
export function endedMessage(prepared: Prepared, end: string, t: Translate): Message {
  const command = commands.get(prepared.operation)
  const typed = code(command ? commandOf(prepared.operation, command, prepared.input) : prepared.operation)
  return message(t('{command}: {end}', { command: typed, end }))
}

function contentBlocks({ operation, input, facts, reason }: Prepared, t: Translate) {
  const command = commands.get(operation)
  if (!command) return []
  // The cast: `read` of the same preview wrote it.
  const seen = facts?.seen === undefined || facts.seen === null ? undefined : facts.seen
  const preview = seen === undefined ? undefined : drawStored(() => command.preview?.view(seen as never, t))
  return [
    // In full: what Slackbot understood may be something else than what was said.
    ...lines(inputRows(command, { input, ids: 'whole' }, t)),
    ...(preview?.blocks.filter(({ type }) => type !== 'actions') ?? []),
    ...(facts?.facts ? factLines(facts.facts, t) : []),
    ...(reason ? [section(t('*Reason*:')), quoted(reason)] : []),
  ]
}
