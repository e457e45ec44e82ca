import { findGrant } from '../approvals/access/end-now.ts'
import type { Grant, Hold } from '../approvals/access/hold.ts'
import { review } from '../approvals/access/review.ts'
import { teamOfTarget } from '../approvals/access/target.ts'
import type { Bot } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import type { Press } from './press.ts'
import { runPressed } from './run-pressed.ts'

/** *End now*: the command, with the present permissions of whoever presses. */
export async function endAccessNow(bot: Bot, press: Press) {
  await runPressed(bot, press, { name: 'access end', given: { id: press.value }, key: press.trigger })
}

/** *Extend* is given like the first time and for as long: by whoever presses, or asked for, by the same rules of the policy. */
export async function extendAccess(bot: Bot, press: Press) {
  const { grant, hold } = await openGrant(bot, press)
  const minutes = Math.max(1, Math.round((grant.endsAt.getTime() - grant.startedAt.getTime()) / aMinute))
  const length = minutes < 10_000 ? `${minutes}m` : `${Math.ceil(minutes / 60)}h`
  await runPressed(bot, press, { ...commandFor(hold, grant, { for: length }), key: press.trigger })
}

/** *Keep* gives it without an end, by the rules for that. */
export async function keepAccess(bot: Bot, press: Press) {
  const { grant, hold } = await openGrant(bot, press)
  await runPressed(bot, press, { ...commandFor(hold, grant, {}), key: press.trigger })
}

/** *Fine* and *Not fine* below a break-glass. */
export function reviewAccess(verdict: 'fine' | 'not-fine') {
  return (bot: Bot, press: Press) => review(bot, { id: press.value, verdict, user: press.user, reference: press.reference })
}

async function openGrant(bot: Bot, { value }: Press) {
  const found = await findGrant(bot, value)
  if (found.grant.state !== 'active' && found.grant.state !== 'asking')
    throw new Failure('conflict', 'Already over: {object}.', { object: found.hold.object })
  return found
}

function commandFor(hold: Hold, { role }: Grant, length: { for?: string }) {
  if (hold.kind === 'team') {
    return { name: 'team add', given: { ...teamOfTarget(hold), members: [hold.grantee], ...length } }
  }
  return { name: 'permission grant', given: { repository: hold.object, to: hold.grantee, role, ...length } }
}
