import type { Bot } from '../../context.ts'
import { slash } from '../../core/slash-command.ts'
import type { Db } from '../../db/database.ts'
import { enqueueNotice } from '../../notifications/cards.ts'
import type { Delegation } from './delegations.ts'

/** Tells the delegate. The delegator reads the reply to their command. */
export async function tellGiven(bot: Bot, tx: Db, { id, delegate, delegatorName, endsAt }: Delegation) {
  const sentence = {
    message:
      '{name} delegated their approvals to you until {until}. You also need the permission in Quay yourself, and together you count as one approval. {command} shows what needs your approval.',
    values: { name: delegatorName, until: endsAt.getTime(), command: slash('request list waiting') },
  }
  await enqueueNotice(bot, tx, delegate, `delegation ${id}`, sentence, undefined, { moments: ['until'] })
}

/** Tells these people once, by direct message, that the delegation is over. */
export async function tellEnded(bot: Bot, tx: Db, { id, delegator, delegatorName, delegateName }: Delegation, people: string[]) {
  for (const person of people) {
    const sentence =
      person === delegator
        ? { message: 'Your delegation to {name} ended. You get approval requests again.', values: { name: delegateName } }
        : { message: 'The delegation from {name} to you ended.', values: { name: delegatorName } }
    await enqueueNotice(bot, tx, person, `delegation ${id} ended`, sentence)
  }
}
