import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Sentence } from '../../core/i18n.ts'
import type { Db } from '../../db/database.ts'
import { enqueueNotice, type NoticeMore } from '../../notifications/cards.ts'
import type { Grant, Hold } from './hold.ts'
import { valuesOf } from './tell.ts'

/** The refusal of a second one. */
export function unreviewed() {
  return new Failure('conflict', 'Someone must review your last break-glass access first, in the channel where it was announced.')
}

/** The task that waits in the channel until somebody else has looked at it. */
export async function askForReview(bot: Bot, tx: Db, hold: Hold, grant: Grant, reminder?: number) {
  if (!grant.channel) return
  const sentence: Sentence = {
    message:
      '{again, select, yes {Still needs review} other {Needs review}}: {grantee} took *{role}* on {object} by break-glass until {until}. Another admin of {object} must say whether that was justified.',
    values: { ...valuesOf(hold, grant), again: reminder === undefined ? 'no' : 'yes' },
  }
  const buttons: NoticeMore['buttons'] = [
    { action: 'access:fine', label: { message: 'Justified', values: {} }, value: grant.id, style: 'primary' },
    { action: 'access:not-fine', label: { message: 'Not justified', values: {} }, value: grant.id, style: 'danger' },
  ]
  const key = reminder === undefined ? `access ${grant.id} review` : `access ${grant.id} review ${reminder}`
  await enqueueNotice(bot, tx, grant.channel, key, sentence, undefined, { moments: ['until'], quote: grant.reason, buttons })
}
