import { randomBytes } from 'node:crypto'
import type { InputBlock, ModalView } from '@slack/types'
import { decidersView } from '../../approvals/card.ts'
import { withoutSecrets } from '../../command/audit-row.ts'
import { sealCredentials, withCredentials } from '../../command/sealed-input.ts'
import type { Bot } from '../../context.ts'
import { withHelp } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import type { Sealed } from '../../core/keys.ts'
import type { Rule } from '../../core/policy.ts'
import { slash } from '../../core/slash-command.ts'
import { buttons, code, type Message, message, note, plain, section } from '../../slack/blocks.ts'
import { failureView } from '../../slack/views/failure.ts'
import type { Outcome } from '../outcome.ts'
import { type Reply, rememberReply } from '../reply-store.ts'

/** The offer to request approval: why the command does not simply run, who would approve, and the *Request* button. */
export async function offerRequest(
  bot: Bot,
  { name, command, person, input, rule, refused }: Extract<Outcome, { state: 'offered' }>,
  t: Translate,
): Promise<Message> {
  const first = refused ? failureView(await withHelp(refused), t) : message(t('{command} needs approval.', { command: code(slash(name)) }))
  const id = randomBytes(8).toString('hex')
  // Credentials from a modal are sealed until the person decides to request.
  const sealed = sealCredentials(bot, { id, person }, command, input)
  const box: Box | null = sealed && { id, sealed }
  const value = await rememberReply(bot, person, { operation: name, input: withoutSecrets(command, input), result: { rule, box } })
  const request = { action: 'request:open', label: t.plain('Request'), value, style: 'primary' as const }
  return { text: first.text, blocks: [...first.blocks, note(decidersView(rule, t)), buttons(request)] }
}

interface Box {
  id: string
  sealed: Sealed
}

/** The stored offer, credentials included. */
export function offeredInput(bot: Bot, { input, result, person: id, team }: Reply): { input: Record<string, unknown>; rule: Rule } {
  const { box, rule } = result as { box: Box | null; rule: Rule } // offerRequest wrote it
  return { rule, input: box ? withCredentials(bot, { id: box.id, person: { id, team } }, input, box.sealed) : input }
}

/** The modal of *Request*. The command and its input are fixed; only a reason is added. */
export function reasonModal(
  kind: 'request' | 'denial',
  carried: object,
  about: string,
  { required, t }: { required: boolean; t: Translate },
): ModalView {
  const field: InputBlock = {
    type: 'input',
    block_id: 'reason',
    optional: !required,
    label: plain(t.plain('Reason')),
    element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 500 },
  }
  return {
    type: 'modal',
    callback_id: kind,
    title: plain(t.plain('Request')),
    submit: plain(kind === 'request' ? t.plain('Request') : t.plain('Deny')),
    close: plain(t.plain('Cancel')),
    private_metadata: JSON.stringify(carried),
    blocks: [section(about), field],
  }
}
