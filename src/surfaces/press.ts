import type { BlockAction } from '@slack/bolt'
import { Failure } from '../core/failure.ts'
import type { ReplyTo } from '../slack/reply.ts'
import type { Request } from './handle.ts'

/** A pressed button, as far as its handlers need it. */
export interface Press extends Request {
  user: string
  value: string
  trigger: string
  channel: string | undefined
  /** The message of the button, and whether it is ephemeral. */
  ts: string | undefined
  ephemeral: boolean
  view: BlockAction['view']
  to: ReplyTo
}

/** The modal of the button. Throws `not_found` if it is not in a modal. */
export function viewOf({ view }: Press) {
  if (!view) throw new Failure('not_found', 'This dialog has closed. Run the command again.')
  return view
}
