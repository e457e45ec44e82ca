import type { KnownBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Given } from '../../command/arguments.ts'
import type { Command } from '../../command/command.ts'
import { type Field, fieldsOf } from '../../command/fields.ts'
import { offeredField } from '../../command/offered.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { escaped } from '../../core/markup.ts'
import { button, clip, type Message, message, plain, section } from '../../slack/blocks.ts'
import { plainBlocks } from '../../slack/fitted.ts'
import { inputBlock, stateValue } from './fields.ts'
import { buttonOf, titleOf } from './titles.ts'

/** The private metadata of a modal, from its opening to its submission. It contains no credential, because Slack stores it. */
const carried = z.object({
  operation: z.string(),
  /** The channel of the command; absent if a shortcut or App Home opened the modal. */
  channel: z.string().optional(),
  /** Given values whose fields are hidden. */
  given: z.record(z.string(), z.unknown()).default({}),
  reason: z.string().optional(),
  dryRun: z.boolean().default(false),
})
export type Carried = z.output<typeof carried>

const shownAtMost = 6
// One character more than a reason may have (approvals/create.ts), so that it is refused and not cut: Slack takes 3,000 of all this.
const reasonAtMost = 501

/** The modal of a command, filled with the given values; `everything` includes the fields under *More options*. */
export function commandModal(
  bot: Pick<Bot, 'quay'>,
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
    title: plain(clip(t.plain(titleOf(now.operation)), 24)),
    submit: plain(clip(t.plain(buttonOf(now.operation)), 24)),
    close: plain(t.plain('Cancel')),
    private_metadata: JSON.stringify({ ...now, given: hidden, ...(now.reason && { reason: clip(now.reason, reasonAtMost) }) }),
    blocks: [
      section(escaped(t.plain(command.summary))),
      ...problem,
      ...shown.map((field) => inputBlock(offeredField(bot, field), now.given, t, { edits: command.current !== undefined })),
      ...(rest.length > 0
        ? [{ type: 'actions' as const, block_id: 'more', elements: [button({ action: 'modal:more', label: t.plain('More options') })] }]
        : []),
    ],
  }
}

/** Required fields and credentials are always shown, up to six in all; advanced fields only if they have a value. */
function isShown(field: Field, fields: Field[], given: Given) {
  if (field.required || field.name in given) return true
  const plainFields = fields.filter((one) => !one.advanced || one.required)
  return plainFields.indexOf(field) >= 0 && plainFields.indexOf(field) < shownAtMost
}

/** A modal with only a sentence: “One moment…”, a refusal, an outcome. Its only button is `close`. */
export function noticeModal(title: string, { blocks }: Pick<Message, 'blocks'>, t: Translate): ModalView {
  return {
    type: 'modal',
    callback_id: 'notice',
    title: plain(clip(title, 24)),
    close: plain(t.plain('Close')),
    blocks: plainBlocks(blocks),
  }
}

/** What a submitted modal shows until its work is done. It keeps the name of the modal, by which it is found again. */
export function workingModal(title: string, { external_id }: { external_id?: string | undefined }, t: Translate): ModalView {
  return { ...noticeModal(title, message(t('Working…')), t), ...(external_id && { external_id }) }
}

interface SubmittedView {
  private_metadata: string
  state: { values: Record<string, Record<string, unknown>> }
}

/** The command and input of a submitted or partly filled modal. Throws `conflict` for a view of another release. */
export function readModal(view: SubmittedView, find: (name: string) => Command | undefined) {
  const now = readMetadata(view, carried)
  const command = find(now.operation)
  if (!command) throw outdated()
  const entries = fieldsOf(command).flatMap((field) => {
    const block = view.state?.values?.[field.name]
    // A field that was cleared on purpose is left out, even if the command gave it a value.
    return block ? [[field.name, stateValue(field, Object.values(block)[0] as Parameters<typeof stateValue>[1])] as const] : []
  })
  const typed = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  const cleared = Object.fromEntries(Object.entries(now.given).filter(([name]) => !entries.some(([one]) => one === name)))
  return { command, carried: { ...now, given: { ...cleared, ...typed } } }
}

/** The private metadata of a modal. Throws `conflict` if it is of another release, or altered. */
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
