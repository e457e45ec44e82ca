import type { Bot } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import { keeps } from '../core/kept.ts'
import { readAccountsAgain } from '../security/directory/accounts.ts'
import { identify } from '../security/identity.ts'
import type { Press } from './press.ts'
import { runPressed } from './run-pressed.ts'

const lastLooks = keeps(() => new Map<string, number>())
const everySoOften = aMinute

/** *Look again* under “No Quay account has your e-mail address”: reads all accounts once more, and says which one is theirs now. */
export async function lookAgain(bot: Bot, press: Press) {
  const { user } = press
  const person = await identify(bot, user, { bypassCache: true })
  if (person.lookAgain) {
    checkPatience(bot, user)
    await readAccountsAgain(bot)
  }
  await runPressed(bot, press, { name: 'whoami', given: {}, key: `${press.trigger} whoami` })
}

/** Throws `conflict` if the person looked less than a minute ago. */
function checkPatience(bot: Bot, user: string) {
  const looks = lastLooks(bot)
  const now = bot.clock()
  for (const [one, at] of looks) if (at <= now - everySoOften) looks.delete(one)
  const before = looks.get(user)
  if (before !== undefined)
    throw new Failure(
      'conflict',
      'The users were read a moment ago. Check again in {seconds, plural, one {# second} other {# seconds}}.',
      { seconds: Math.ceil((before + everySoOften - now) / 1000) },
      { lookAgain: true },
    )
  looks.set(user, now)
}
