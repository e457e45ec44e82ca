import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Person } from '../security/identity.ts'
import { checkAccount, checkPermission, checkSuperuser } from '../security/permissions.ts'
import type { Command, Step } from './command.ts'

/**
 * Checks before a step, without cache, that one of these people holds the permissions that it needs: the one who pressed, or the
 * approvers of the run. A permission found is not read again for the next step. Throws the refusal of the first person.
 */
export function stepCheck(bot: Bot, command: Command, people: Person[]) {
  const held = new Set<string>()
  return async ({ permissions: needs }: Pick<Step, 'permissions'>): Promise<void> => {
    const key = JSON.stringify(needs)
    if (held.has(key)) return
    const refusals: Failure[] = []
    for (const person of people) {
      const refused = await refusalOf(() => checkNeeds(bot, command, person, needs))
      if (!refused) return void held.add(key)
      refusals.push(refused)
    }
    throw refusals[0] ?? new Failure('denied', 'Nobody with the permission for the remaining steps is left.')
  }
}

async function checkNeeds(bot: Bot, command: Command, person: Person, needs: Step['permissions']) {
  checkAccount(bot, person)
  if (needs === 'superuser') return void (await checkSuperuser(bot, person, command))
  await Promise.all(needs.map((one) => checkPermission(bot, person, one, { bypassCache: true })))
}

async function refusalOf(check: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') return error
    throw error
  }
}
