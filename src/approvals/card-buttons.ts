import { effectsOf } from '../command/command.ts'
import { commands } from '../command/registry.ts'
import { firstUndone } from '../command/steps.ts'
import type { Translate } from '../core/i18n.ts'
import { revealButton } from '../notifications/credential-offer.ts'
import { type ButtonText, buttons } from '../slack/blocks.ts'
import type { Request } from './request.ts'
import type { Story } from './story.ts'

/** The reader of the rendering: the approval channel, one approver, the requester, or a person who looks the request up. */
export type Audience = 'card' | 'approver' | 'requester' | 'reader'

/** Whether it is drawn for people who decide: with the facts that they need, and their buttons. */
export function isForApprovers(audience: Audience) {
  return audience === 'card' || audience === 'approver'
}

/** The buttons below a request. */
export function requestButtons(request: Request, story: Pick<Story, 'comments'>, t: Translate, audience: Audience) {
  const all = isForApprovers(audience) ? deciding(request, t) : audience === 'requester' ? requesting(request, story, t) : []
  return all.length > 0 ? [buttons(...all)] : []
}

/** *Approve* and *Deny* of a pending request, where there is no room for more. */
export function decidingButtons(request: Request, t: Translate) {
  const some = request.state === 'pending' ? deciding(request, t).filter(({ action }) => action !== 'request:comment') : []
  return some.length > 0 ? [buttons(...some)] : []
}

/** Every button carries the request id and the revision that it was rendered with; a press on another revision decides nothing. */
function deciding(request: Request, t: Translate): ButtonText[] {
  const value = `${request.id} ${request.revision}`
  if (request.state === 'pending') {
    const approve: ButtonText = {
      action: 'request:approve',
      label: t.plain('Approve'),
      value,
      style: 'primary',
      ...confirmation(request, t),
    }
    const comment: ButtonText = { action: 'request:comment', label: t.plain('Comment'), value }
    return [approve, { action: 'request:deny', label: t.plain('Deny'), value, style: 'danger' }, comment]
  }
  if (request.state === 'succeeded' && firstUndone(request.steps ?? []) !== undefined)
    return [{ action: 'request:retry', label: t.plain('Retry'), value, style: 'primary' }]
  if (request.state !== 'unknown') return []
  return [
    { action: 'request:happened', label: t.plain('It was done'), value },
    { action: 'request:nothing', label: t.plain('It was not done'), value },
    {
      action: 'request:again',
      label: t.plain('Run it again'),
      value,
      style: 'danger',
      confirm: {
        title: t.plain('Run it again?'),
        text: t.plain('If it was already done, it will be done twice. Check in Quay first.'),
        yes: t.plain('Run it again'),
        no: t.plain('Cancel'),
      },
    },
  ]
}

function confirmation({ operation, input }: Request, t: Translate): Pick<ButtonText, 'confirm'> {
  const found = commands.get(operation)
  const effects = found ? effectsOf(found, input) : []
  if (!effects.includes('destroys') && !effects.includes('overwrites')) return {}
  return {
    confirm: {
      title: t.plain('Approve this request?'),
      text: t.plain('Quay can’t restore what this deletes.'),
      yes: t.plain('Approve'),
      no: t.plain('Cancel'),
    },
  }
}

function requesting({ id, revision, state, secret, requester, steps }: Request, { comments }: Pick<Story, 'comments'>, t: Translate) {
  const value = `${id} ${revision}`
  if (state === 'pending') {
    const answer: ButtonText = { action: 'request:comment', label: t.plain('Answer'), value }
    return [{ action: 'request:withdraw', label: t.plain('Withdraw'), value }, ...(comments.length > 0 ? [answer] : [])]
  }
  const all: ButtonText[] = []
  if (state === 'succeeded' && firstUndone(steps ?? []) !== undefined)
    all.push({ action: 'request:retry', label: t.plain('Retry'), value: `${id} ${revision}`, style: 'primary' })
  if (secret && secret.person === requester) all.push(revealButton(secret, t))
  return all
}
