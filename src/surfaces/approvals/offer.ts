import { randomBytes } from 'node:crypto'
import type { InputBlock, ModalView } from '@slack/types'
import { decidersView } from '../../approvals/deciders-view.ts'
import type { Request } from '../../approvals/request.ts'
import { requestWord } from '../../approvals/state-label.ts'
import { typed } from '../../approvals/typed.ts'
import { withoutSecrets } from '../../command/audit-row.ts'
import { namespacesIn } from '../../command/namespaces.ts'
import { sealCredentials, withCredentials } from '../../command/sealed-input.ts'
import type { Bot } from '../../context.ts'
import { withHelp } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import type { Sealed } from '../../core/keys.ts'
import type { Rule } from '../../core/policy.ts'
import { slash } from '../../core/slash-command.ts'
import { bold, buttons, code, type Message, message, moment, note, plain, section } from '../../slack/blocks.ts'
import { failureView } from '../../slack/views/failure.ts'
import type { Outcome } from '../outcome.ts'
import { type Reply, rememberReply } from '../reply-store.ts'

/** The offer to request approval: why the command does not simply run, who would approve, and the *Request* button. */
export async function offerRequest(
  bot: Bot,
  { name, command, person, input, rule, refused, same, reason }: Extract<Outcome, { state: 'offered' }>,
  t: Translate,
): Promise<Message> {
  const first = refused ? failureView(await withHelp(refused), t) : message(t('{command} needs approval.', { command: code(slash(name)) }))
  const id = randomBytes(8).toString('hex')
  // Credentials from a modal are sealed until the person decides to request.
  const sealed = sealCredentials(bot, { id, person }, command, input)
  const box: Box | null = sealed && { id, sealed }
  const value = await rememberReply(bot, person, {
    operation: name,
    input: withoutSecrets(command, input),
    result: { rule, box, same: same?.id, reason },
  })
  const request = { action: 'request:open', label: same ? t.plain('Request anyway') : t.plain('Request'), value }
  const deciders = note(decidersView(rule, t, namespacesIn(command, input)))
  if (!same) return { text: first.text, blocks: [...first.blocks, deciders, buttons({ ...request, style: 'primary' })] }
  const there = sameText(same, t)
  const follow = { action: 'request:follow', label: t.plain('Follow this request'), value, style: 'primary' as const }
  return { text: there, blocks: [section(there), deciders, buttons(follow, request)] }
}

function sameText({ id, name, state, createdAt, operation, input }: Request, t: Translate) {
  return t('{requester} already requested {command} {at}: request {id}, {state}.', {
    requester: bold(name),
    command: code(typed({ operation, input })),
    at: moment(createdAt.getTime()),
    id: code(id),
    state: requestWord(state, t),
  })
}

interface Box {
  id: string
  sealed: Sealed
}

interface Offered {
  input: Record<string, unknown>
  rule: Rule
  /** Somebody else's request for the same, which the person was shown. */
  same?: string | undefined
  /** Given before the person knew of it. */
  reason?: string | undefined
}

/** The stored offer, credentials included. */
export function offeredInput(bot: Bot, { input, result, person: id, team }: Reply): Offered {
  const { box, ...rest } = result as { box: Box | null } & Omit<Offered, 'input'> // offerRequest wrote it
  return { ...rest, input: box ? withCredentials(bot, { id: box.id, person: { id, team } }, input, box.sealed) : input }
}

const titles: Record<ReasonKind, string> = { request: 'Request approval', denial: 'Deny request', comment: 'Comment on request' }

export type ReasonKind = 'request' | 'denial' | 'comment'

/** The title of a modal that asks for a text, and of what follows in it. */
export function reasonTitle(kind: ReasonKind, t: Translate) {
  return t.plain(titles[kind])
}

function submits(kind: ReasonKind, t: Translate) {
  if (kind === 'comment') return t.plain('Send')
  return kind === 'request' ? t.plain('Request') : t.plain('Deny')
}

/** The modal of *Request*. The command and its input are fixed; only a reason is added. */
export function reasonModal(
  kind: ReasonKind,
  carried: object,
  about: string,
  { required, reason, t }: { required: boolean; reason?: string | undefined; t: Translate },
): ModalView {
  const field: InputBlock = {
    type: 'input',
    block_id: 'reason',
    optional: !required,
    label: plain(kind === 'comment' ? t.plain('Comment') : t.plain('Reason')),
    element: {
      type: 'plain_text_input',
      action_id: 'reason',
      multiline: true,
      max_length: 500,
      ...(reason && { initial_value: reason.slice(0, 500) }),
    },
  }
  return {
    type: 'modal',
    callback_id: kind,
    title: plain(reasonTitle(kind, t)),
    submit: plain(submits(kind, t)),
    close: plain(t.plain('Cancel')),
    private_metadata: JSON.stringify(carried),
    blocks: [section(about), field],
  }
}
