import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { audit } from '../security/audit-log.ts'
import { identify } from '../security/identity.ts'
import { findRequest, rowOf } from './request.ts'

interface Pressed {
  id: string
  /** The Slack person who pressed. */
  user: string
  reference: string
}

/** Runs the action of a button on a request. A refusal is written to the audit log, as for every command. */
export async function recordRefusal<Done>(bot: Bot, { id, user, reference }: Pressed, work: () => Promise<Done>): Promise<Done> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') {
      const request = await findRequest(bot.db, id)
      // Of an external user only the Slack id is known.
      const stranger = { id: user, team: request.team, name: user, account: undefined }
      const person = await identify(bot, user).catch(() => stranger)
      await audit(bot, bot.db, { ...rowOf(request), person, reference, phase: 'refused', outcome: error.sentence })
    }
    throw error
  }
}
