import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { cached } from '../core/ttl-cache.ts'
import { findTeams } from '../quay/members.ts'
import { namespaceOf } from '../quay/names.ts'
import { teamRoles } from '../quay/organizations.ts'
import { findPermissions } from '../quay/permissions.ts'
import { findRepository } from '../quay/repositories.ts'
import { isOneOf } from '../quay/word.ts'
import { isAmong } from '../slack/users.ts'
import { findHelpers, superusers } from './contacts.ts'
import type { Person } from './identity.ts'

/** `read`, `write` and `admin` of a repository; `member`, `create` and `admin` of a namespace. */
export type Permission = 'read' | 'write' | 'admin' | 'member' | 'create'

export interface EffectivePermission {
  permission: Permission | 'none'
  reason: Sentence
  /** Why Quay hides permissions from the bot, so that there may be more than the ones found. */
  hidden?: Failure
}

/** The permissions that each permission includes. */
const covers: Record<EffectivePermission['permission'], Permission[]> = {
  none: [],
  read: ['read'],
  write: ['read', 'write'],
  member: ['member'],
  create: ['member', 'create'],
  admin: ['read', 'write', 'member', 'create', 'admin'],
}
const rightOf = { member: 'member', creator: 'create', admin: 'admin' } as const

export interface Asked {
  /** Reads from Quay now, without cache: for a changing call, a decision and a run. */
  bypassCache?: boolean
}

/**
 * The effective permission of a person on `acme/web` or in `acme`, and its reason. Quay has no call for it: its "transitive"
 * permissions leave out team roles, owners, superusers and public repositories, and ignore disabled accounts
 * (docs/quay.md, Rights). At most four requests at once, in addition to the one that identified the person.
 */
export async function effectivePermission(
  bot: Bot,
  person: Person,
  object: string,
  { bypassCache = false }: Asked = {},
): Promise<EffectivePermission> {
  const { account, user } = person
  if (account === undefined) return { permission: 'none', reason: notLinked(person) }
  if (!user) return because('none', 'Quay has no user {account}.', { account })
  if (!user.enabled) return because('none', 'User {account} is disabled.', { account })
  // A user owns their namespace. Quay need not be asked, and does not always answer.
  if (namespaceOf(object) === account) return because('admin', '{account} owns the namespace.', { account })
  // Nothing is more than that, so Quay need not be asked for teams and permissions.
  if (user.superuser && bot.quay.capabilities.superusersFullAccess) return because('admin', '{account} is a superuser.', { account })
  const { grants, hidden } = await cached(bot.cache, `grants ${account} ${object}`, () => askGrants(bot, account, object), { bypassCache })
  const held = [because('none', 'Quay gives {account} no permission on {object}.', { account, object }), ...grants]
  if (user.globalReader)
    held.push(because(object.includes('/') ? 'read' : 'member', '{account} is a global read-only superuser.', { account }))
  const best = held.reduce((one, next) => (covers[next.permission].length > covers[one.permission].length ? next : one))
  return hidden && best.permission !== 'admin' ? { ...best, hidden } : best
}

/** A permission with the sentence that says where it comes from. */
export function because(
  permission: EffectivePermission['permission'],
  message: string,
  values: Sentence['values'] = {},
): EffectivePermission {
  return { permission, reason: { message, values } }
}

/** The permissions that Quay itself grants the account on the object: by teams, permissions, ownership, or a public repository. */
async function askGrants({ quay }: Bot, account: string, object: string) {
  const namespace = namespaceOf(object)
  const repository = object === namespace ? undefined : object
  const unseen: Failure[] = []
  const shown = <Found>(asked: Promise<Found>, otherwise: Found) => unlessDenied(asked, otherwise, unseen)
  const [teams, permissions, found] = await Promise.all([
    shown(findTeams(quay, namespace, account), []),
    repository ? shown(findPermissions(quay, repository, account), []) : [],
    repository ? shown(findRepository(quay, repository), undefined) : undefined,
  ])
  const held: EffectivePermission[] = []
  for (const { team, role } of teams) {
    // Only the role admin extends from the organization to its repositories.
    if (isOneOf(teamRoles, role) && (!repository || role === 'admin'))
      held.push(because(rightOf[role], '{account} is a member of the team {team} of {namespace}.', { account, team, namespace }))
  }
  for (const role of permissions) held.push(because(role, '{account} has {role} permission on {object}.', { account, role, object }))
  if (found?.visibility === 'public') held.push(because('read', '{object} is public.', { object }))
  // The refusal to list teams is the root cause, so it is preferred.
  return { grants: held, hidden: unseen.find(({ sentence }) => sentence.values.namespace !== undefined) ?? unseen[0] }
}

/** An answer that Quay denies to the bot grants nothing; its Failure is added to `unseen`. Other errors propagate. */
async function unlessDenied<Found>(asked: Promise<Found>, otherwise: Found, unseen: Failure[]) {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'denied') throw error
    unseen.push(error)
    return otherwise
  }
}

/** Whether it is at least `wanted`. */
export function hasPermission({ permission }: EffectivePermission, wanted: Permission) {
  return covers[permission].includes(wanted)
}

/** Whether the person holds a permission, for content that only some readers may see. */
export async function holds(bot: Bot, person: Person, { permission, object }: ObjectPermission): Promise<boolean> {
  return hasPermission(await effectivePermission(bot, person, object), permission)
}

const refusals: Record<Permission, string> = {
  read: 'You need *read* permission on {object}.',
  write: 'You need *write* permission on {object}.',
  admin: 'You need to be an *admin* of {object}.',
  member: 'You need to be a *member* of {object}.',
  create: 'You need the *creator* role in {object}.',
}

/** One permission on one object that a command needs for an input. */
export interface ObjectPermission {
  permission: Permission
  object: string
  /** The permission that is needed instead if this repository, which may be missing, exists. */
  existing?: { permission: Permission; object: string }
  /** Superusers may too. */
  orSuperuser?: true
}

/** Checks that the person holds one permission on one object. Throws `denied`, with people who could help. */
export async function checkPermission(
  bot: Bot,
  person: Person,
  { existing, ...wanted }: ObjectPermission,
  asked: Asked = {},
): Promise<EffectivePermission> {
  const { permission, object, effective } = existing
    ? await rightNow(bot, person, wanted, existing, asked)
    : { ...wanted, effective: await effectivePermission(bot, person, wanted.object, asked) }
  if (!hasPermission(effective, permission) && wanted.orSuperuser && person.user?.superuser)
    return checkSuperuser(bot, person, { changes: true })
  if (!hasPermission(effective, permission)) {
    // The check fails closed: a hidden permission is neither assumed nor denied.
    if (effective.hidden) throw effective.hidden
    throw new Failure('denied', refusals[permission], { object }, { findHelp: () => findHelpers(bot, person, object) })
  }
  return effective
}

/**
 * Which of the two permissions is needed, and what the person holds on its object. A person with neither is refused as if the repository were missing, so that its
 * existence is not disclosed (docs/SECURITY.md rule 22).
 */
async function rightNow(
  bot: Bot,
  person: Person,
  missing: ObjectPermission,
  existing: ObjectPermission,
  asked: Asked,
): Promise<ObjectPermission & { effective: EffectivePermission }> {
  const ofMissing = { ...missing, effective: await effectivePermission(bot, person, missing.object, asked) }
  if (!(await findRepository(bot.quay, existing.object))) return ofMissing
  const ofExisting = { ...existing, effective: await effectivePermission(bot, person, existing.object, asked) }
  const isTold = [ofMissing, ofExisting].some(({ effective, permission }) => hasPermission(effective, permission))
  return isTold ? ofExisting : ofMissing
}

/** Checks, before there is an input, whether the person has a usable account at all. Throws `denied`. */
export function checkAccount(bot: Bot, person: Person) {
  const { account, user } = person
  if (account === undefined) {
    const { message, values } = notLinked(person)
    throw new Failure('denied', message, values, { help: superusers(bot), lookAgain: person.lookAgain })
  }
  if (!user) throw new Failure('denied', 'Quay has no user {account}.', { account })
  if (!user.enabled) throw new Failure('denied', 'Your Quay user {account} is disabled.', { account }, { help: superusers(bot) })
}

/** Checks Quay's superuser flag, and the policy's list if it has one. A global read-only superuser may read. Throws `denied`. */
export async function checkSuperuser(bot: Bot, person: Person, { changes }: { changes?: unknown }): Promise<EffectivePermission> {
  const { account, user } = person
  const help = superusers(bot)
  if (!user?.superuser && !(user?.globalReader && !changes))
    throw new Failure('denied', 'You need to be a *superuser* of Quay.', {}, { help })
  if (bot.policy.superusers && !(await isAmong(bot.slack, person.id, bot.policy.superusers))) {
    throw new Failure('denied', 'The policy defines who can run superuser commands from Slack, and you are not included.', {}, { help })
  }
  return because('admin', '{account} is a superuser.', { account: account ?? '' })
}

function notLinked({ unlinked }: Person): Sentence {
  return unlinked ?? { message: 'Quaymaster does not know your Quay user.', values: {} }
}
