import type { KnownBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Given } from '../../command/arguments.ts'
import type { Command } from '../../command/command.ts'
import { type Field, fieldsOf } from '../../command/fields.ts'
import { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { escaped } from '../../core/markup.ts'
import { button, clip, type Message, plain, section } from '../../slack/blocks.ts'
import { inputBlock, stateValue } from './fields.ts'
import { nounOf, verbOf } from './titles.ts'

/** What a modal carries from its opening to its submit. It holds no credential: Slack stores it, and shows it to nobody. */
const carried = z.object({
  operation: z.string(),
  /** Where the command was typed; absent when a shortcut or the home tab opened the modal. */
  channel: z.string().optional(),
  /** Given values whose fields are not shown. */
  given: z.record(z.string(), z.unknown()).default({}),
  reason: z.string().optional(),
  dryRun: z.boolean().default(false),
})
export type Carried = z.output<typeof carried>

const shownAtMost = 6
// One character more than a reason may have (requests/ask.ts), so that it is refused and not cut: Slack takes 3,000 of all this.
const reasonAtMost = 501

/** The modal of an operation, filled with what was given; `everything` shows the fields under *More options* too. */
export function commandModal(
  command: Command,
  now: Carried,
  t: Translate,
  { everything = false, problem = [] }: { everything?: boolean; problem?: KnownBlock[] } = {},
): ModalView {
  const fields = fieldsOf(command)
  const shown = fields.filter((field) => everything || isShown(field, fields, now.given))
  const rest = fields.filter((field) => !shown.includes(field))
  const hidden = Object.fromEntries(Object.entries(now.given).filter(([name]) => rest.some((field) => field.name === name)))
  return {
    type: 'modal',
    callback_id: 'operation',
    title: plain(clip(t.plain(nounOf(now.operation)), 24)),
    submit: plain(clip(t.plain(verbOf(now.operation)), 24)),
    close: plain(t.plain('Cancel')),
    private_metadata: JSON.stringify({ ...now, given: hidden, ...(now.reason && { reason: clip(now.reason, reasonAtMost) }) }),
    blocks: [
      section(escaped(t.plain(command.summary))),
      ...problem,
      ...shown.map((field) => inputBlock(field, now.given, t, { edits: command.current !== undefined })),
      ...(rest.length > 0
        ? [{ type: 'actions' as const, block_id: 'more', elements: [button({ action: 'modal:more', label: t.plain('More options') })] }]
        : []),
    ],
  }
}

/** Required fields and credentials always show; six in all, the advanced ones only once somebody gave them. */
function isShown(field: Field, fields: Field[], given: Given) {
  if (field.required || field.name in given) return true
  const plainFields = fields.filter((one) => !one.advanced || one.required)
  return plainFields.indexOf(field) >= 0 && plainFields.indexOf(field) < shownAtMost
}

/** Only a sentence: “One moment…”, a refusal, an outcome. `close` is the only button. */
export function noticeModal(title: string, { blocks }: Pick<Message, 'blocks'>, t: Translate): ModalView {
  return { type: 'modal', callback_id: 'notice', title: plain(clip(title, 24)), close: plain(t.plain('Close')), blocks }
}

interface SubmittedView {
  private_metadata: string
  state: { values: Record<string, Record<string, unknown>> }
}

/** What a submitted (or half-filled) modal holds: its operation and the input as given. Throws `conflict` for a view that is not ours any more. */
export function readModal(view: SubmittedView, find: (name: string) => Command | undefined) {
  const now = readMetadata(view, carried)
  const command = find(now.operation)
  if (!command) throw outdated()
  const entries = fieldsOf(command).flatMap((field) => {
    const block = view.state?.values?.[field.name]
    // A field that was emptied on purpose is left out, whatever the command had given for it.
    return block ? [[field.name, stateValue(field, Object.values(block)[0] as Parameters<typeof stateValue>[1])] as const] : []
  })
  const typed = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  const cleared = Object.fromEntries(Object.entries(now.given).filter(([name]) => !entries.some(([one]) => one === name)))
  return { command, carried: { ...now, given: { ...cleared, ...typed } } }
}

/** What a modal of ours carries unseen. Throws `conflict` where it carries something else: of another release, or altered. */
export function readMetadata<Schema extends z.ZodType>(
  { private_metadata: text }: { private_metadata: string },
  schema: Schema,
): z.output<Schema> {
  const { data } = schema.safeParse(jsonIn(text))
  if (data === undefined) throw outdated()
  return data
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function outdated() {
  return new Failure('conflict', 'This dialog is out of date. Close it and run the command again.')
}
