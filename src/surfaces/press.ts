import type { BlockAction } from '@slack/bolt'
import { Failure } from '../core/failure.ts'
import type { ReplyTo } from '../slack/reply.ts'
import type { Request } from './handle.ts'

/** A pressed button, as far as its handlers look at it. */
export interface Press extends Request {
  user: string
  value: string
  trigger: string
  channel: string | undefined
  /** The message that the button stands under, and whether only one person sees it. */
  ts: string | undefined
  ephemeral: boolean
  view: BlockAction['view']
  to: ReplyTo
}

/** The modal that the button stands in. Throws `not_found` when there is none. */
export function viewOf({ view }: Press) {
  if (!view) throw new Failure('not_found', 'This window is gone. Run the command again.')
  return view
}
