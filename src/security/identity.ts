import { and, eq, inArray } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Language, Sentence } from '../core/i18n.ts'
import { cached } from '../core/ttl-cache.ts'
import { links } from '../db/schema.ts'
import { findUser, type User } from '../quay/users.ts'
import { findSlackUser, idForAll, presentAmong, type SlackUser } from '../slack/users.ts'
import { findByAddress } from './directory/accounts.ts'
import { equivalents, isSameAddress } from './directory/address.ts'

/** A Slack person who may use the bot, with their Quay account if one is known. */
export interface Person {
  /** The Slack user id. */
  id: string
  /** The id in the whole Enterprise Grid: the same for every workspace id of the person. */
  one?: string
  /** The Slack workspace or Enterprise Grid. */
  team: string
  name: string
  language: Language
  timeZone: string | undefined
  account: string | undefined
  /** The account as Quay returned it when the person was identified. */
  user: User | undefined
  /** Why no account is known. */
  unlinked?: Sentence
  /** No account was found, and reading all of them again may find one. */
  lookAgain?: true
  /** The account could not be determined at the time (`identifyAlone`). */
  unasked?: true
}

const externalUsers: Record<NonNullable<SlackUser['external']>, string> = {
  guest: 'Guests can’t use Quaymaster. Ask a full member.',
  outside: 'People from other workspaces can’t use Quaymaster. Ask someone in this workspace.',
  deactivated: 'This Slack account is deactivated.',
  bot: 'Bots can’t use Quaymaster.',
  gone: 'This person no longer exists in Slack.',
}

/**
 * Identifies a person in Slack and in Quay; without cache for a changing call, a decision and a run (`bypassCache`).
 * Throws `denied` for guests, external users, bots and deactivated users, before any call to Quay.
 */
export async function identify(bot: Bot, id: string, { bypassCache = false } = {}): Promise<Person> {
  const slackUser = await identifyInSlack(bot, id, { bypassCache })
  const { team, name, language, timeZone, one } = slackUser
  const account = await accountOf(bot, slackUser, bypassCache)
  return { id, one, team, name, language, timeZone, ...account }
}

/** The account that the policy maps to one of the person's ids. */
async function mappedAccount({ slack, policy: { identity } }: Bot, { id, one }: SlackUser): Promise<string | undefined> {
  const mapped = identity.map[id] ?? identity.map[one]
  // Only on an Enterprise Grid can a person have a second id.
  if (mapped !== undefined || (one === id && !id.startsWith('W'))) return mapped
  const named = Object.entries(identity.map).filter(([other]) => other.startsWith('U'))
  const all = await Promise.all(named.map(async ([other, account]) => ({ account, one: await idForAll(slack, other) })))
  return all.find((other) => other.one === one)?.account
}

/** Identifies a person in Slack only, for what is theirs independently of Quay. Throws `denied` for guests, external users, bots and deactivated users. */
export async function identifyInSlack({ slack }: Pick<Bot, 'slack'>, id: string, { bypassCache = false } = {}): Promise<SlackUser> {
  const slackUser = await findSlackUser(slack, id, { bypassCache })
  if (slackUser.external) throw new Failure('denied', externalUsers[slackUser.external])
  return slackUser
}

/**
 * The same for the bot's own features, which need no account: help, the person's own requests, their credentials. While Quay or the
 * database does not answer, or Quay refuses the bot, the person is treated as having no account and no permission in Quay.
 */
export async function identifyAlone(bot: Bot, id: string): Promise<Person> {
  const slackUser = await identifyInSlack(bot, id)
  const { team, name, language, timeZone, one } = slackUser
  try {
    return { id, one, team, name, language, timeZone, ...(await accountOf(bot, slackUser, false)) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { id, one, team, name, language, timeZone, account: undefined, user: undefined, unlinked: error.sentence, unasked: true }
  }
}

type Linked = Pick<Person, 'account' | 'user' | 'unlinked' | 'lookAgain'>

async function accountOf(bot: Bot, slackUser: SlackUser, bypassCache: boolean): Promise<Linked> {
  const mapped = await mappedAccount(bot, slackUser)
  if (mapped !== undefined) return { account: mapped, user: await readUser(bot, mapped, bypassCache) }
  if (bot.policy.identity.email === false)
    return unlinked('An operator must add your Quay user to the policy, under identity.map: {id}.', slackUser)
  if (!slackUser.email)
    return unlinked(
      'Slack does not report your e-mail address as confirmed. Confirm it in Slack, or ask an operator to add {id} to identity.map in the policy.',
      slackUser,
    )
  const pinned = await findLink(bot, slackUser)
  return pinned === undefined ? firstLink(bot, slackUser) : pinnedLink(bot, slackUser, pinned, bypassCache)
}

function unlinked(message: string, { id, email }: SlackUser): Linked {
  return { account: undefined, user: undefined, unlinked: { message, values: { id, email: email ?? '' } } }
}

/** The first link stays. If the e-mail address leads to another account now, nobody is let in by it. */
async function pinnedLink(bot: Bot, slackUser: SlackUser, account: string, bypassCache: boolean): Promise<Linked> {
  const user = await readUser(bot, account, bypassCache)
  if (user && !isPowerful(user) && addressesOf(bot, slackUser).some((one) => isSameAddress(user.email, one))) return { account, user }
  return unlinked(
    'Your e-mail address no longer belongs to your previous Quay user. Ask an operator to confirm the change: add {id} to identity.map in the policy.',
    slackUser,
  )
}

/** Links by e-mail if exactly one account has the address and is enabled (docs/SECURITY.md rule 5), and stores the link. */
async function firstLink(bot: Bot, slackUser: SlackUser): Promise<Linked> {
  if (!provesOwner(bot)) {
    return unlinked(
      'This registry does not verify e-mail addresses, so yours can’t identify your Quay user. Ask an operator to add {id} to identity.map in the policy.',
      slackUser,
    )
  }
  const user = await findByAddress(bot, addressesOf(bot, slackUser))
  if (user === 'several')
    return unlinked(
      'Several Quay users have the e-mail address {email}. Ask an operator to add {id} to identity.map in the policy.',
      slackUser,
    )
  if (!user?.enabled)
    return {
      ...unlinked(
        'No Quay user has your e-mail address {email}. Set it in Quay, or ask an operator to add {id} to identity.map in the policy.',
        slackUser,
      ),
      lookAgain: true,
    }
  if (isPowerful(user))
    return unlinked(
      'The Quay user with the e-mail address {email} is a superuser. Superusers are never linked by e-mail. Ask an operator to add {id} to identity.map in the policy.',
      slackUser,
    )
  await bot.db.insert(links).values({ team: slackUser.team, slackId: slackUser.id, account: user.username }).onConflictDoNothing()
  const kept = await findLink(bot, slackUser)
  if (kept !== user.username) return pinnedLink(bot, slackUser, kept ?? user.username, true)
  // Read just now, so the next look need not ask for it.
  bot.cache.set(`user ${kept}`, Promise.resolve(user))
  return { account: kept, user }
}

/**
 * The addresses under which the person may be found: those of equivalent domains only where Quay verifies addresses, because there
 * anybody could take the same name in another domain (docs/SECURITY.md rule 45).
 */
function addressesOf({ policy: { identity }, quay }: Bot, { email = '' }: SlackUser) {
  return verifiesAddresses(quay) ? equivalents(email, identity.domains) : [email]
}

function provesOwner({ policy, quay }: Bot) {
  return policy.identity.email === 'unverified' || verifiesAddresses(quay)
}

/** Whether Quay verifies the addresses of its users: by mail, or because they come from a directory. */
function verifiesAddresses(quay: Bot['quay']) {
  return quay.capabilities.features.MAILING === true || !['Database', 'unknown'].includes(quay.capabilities.authentication)
}

function isPowerful(user: User) {
  return user.superuser || user.globalReader
}

function readUser({ cache, quay }: Bot, account: string, bypassCache: boolean) {
  return cached(cache, `user ${account}`, () => findUser(quay, account), { bypassCache })
}

async function findLink({ db }: Bot, { team, id, one }: SlackUser) {
  const [row] = await db
    .select({ account: links.account })
    .from(links)
    .where(and(eq(links.team, team), inArray(links.slackId, [id, one])))
  return row?.account
}

/** The Slack person of an account, by link or policy; undefined if no active person is linked to it. */
export async function personOf(bot: Bot, account: string): Promise<string | undefined> {
  const people = await peopleOf(bot, account)
  if (people.length < 2) return people[0]
  const [present] = await presentAmong(bot.slack, people)
  return present
}

async function peopleOf({ db, policy }: Bot, account: string) {
  const mapped = Object.entries(policy.identity.map).flatMap(([id, one]) => (one === account ? [id] : []))
  const linked = await db.select({ slackId: links.slackId }).from(links).where(eq(links.account, account))
  return [...mapped, ...linked.map(({ slackId }) => slackId)]
}

/**
 * The Slack person whose account this is at this moment, for what nobody else may see. A link whose address has moved to another
 * account since does not count. Undefined also if this cannot be determined.
 */
export async function ownerOf(bot: Bot, account: string): Promise<string | undefined> {
  for (const id of await peopleOf(bot, account)) {
    const person = await identify(bot, id, { bypassCache: true }).catch(() => undefined)
    if (person?.account === account && person.user?.enabled) return id
  }
  return undefined
}

/** Two Slack people with one account count as one person, and so do two ids of one person. */
export function isSame(one: Pick<Person, 'id' | 'one' | 'account'>, other: Pick<Person, 'id' | 'one' | 'account'>) {
  return (
    one.id === other.id || (one.one ?? one.id) === (other.one ?? other.id) || (one.account !== undefined && one.account === other.account)
  )
}
