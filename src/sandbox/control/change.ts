import type { Fields } from '../slack/json.ts'
import type { User } from '../slack/people.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'

const flags = ['deleted', 'is_restricted', 'is_ultra_restricted', 'is_stranger', 'is_invited_user', 'is_email_confirmed'] as const

/** Changes a user as an administrator would (deactivation, guest, address, language), and tells the bot. */
export async function change(slack: SimulatedSlack, user: User, given: Fields) {
  for (const flag of flags) if (typeof given[flag] === 'boolean') user[flag] = given[flag]
  if (typeof given.email === 'string') user.profile.email = given.email
  if (typeof given.locale === 'string') user.locale = given.locale
  user.updated += 1
  await slack.userChanged(user.id)
  return { ok: true }
}
