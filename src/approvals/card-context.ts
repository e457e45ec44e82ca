import { distance } from 'fastest-levenshtein'
import { fieldsOf } from '../command/fields.ts'
import type { Bot } from '../context.ts'
import type { About } from '../db/schema.ts'
import { namespaceOf, withoutNamespace } from '../quay/names.ts'
import { findOrganization } from '../quay/organizations.ts'
import { listRepositories } from '../quay/repositories.ts'
import { identify } from '../security/identity.ts'
import { effectivePermission, hasPermission } from '../security/permissions.ts'
import { findSlackUser, peopleIn, presentAmong } from '../slack/users.ts'
import { decidedNamespaces } from './approvers.ts'
import type { Asked } from './asked.ts'
import { earlierOf, heldBy, peersOf } from './background.ts'
import { adminAccounts } from './candidates.ts'

const shownAtMost = 5
// For a larger group it is not checked whether all of its members may know.
const lookedAt = 20

/** Additional context for approvers. The request is created without it when Slack or Quay does not answer. */
export async function aboutFor(bot: Bot, asked: Asked): Promise<About> {
  const [names, around, admins, held, earlier, peers] = await Promise.all([
    namesOf(bot, asked),
    aroundIt(bot, asked).catch(() => ({})),
    adminsOf(bot, asked).catch(() => undefined),
    heldBy(bot, asked).catch(() => undefined),
    earlierOf(bot, asked),
    knownPeers(bot, asked).catch(() => undefined),
  ])
  return {
    right: asked.lacks ?? null,
    names,
    earlier,
    ...around,
    ...(admins && { admins }),
    ...(held && { held }),
    ...(peers && { peers }),
  }
}

async function knownPeers(bot: Bot, asked: Asked) {
  const all = await Promise.all(decidedNamespaces(asked).map((namespace) => allMayKnow(bot, asked, namespace)))
  return all.every(Boolean) ? peersOf(bot, asked, bot.clock()) : undefined
}

/** Who may decide as an admin of all namespaces, so that lists need not ask Quay for each request and reader. */
async function adminsOf(bot: Bot, asked: Asked): Promise<string[] | undefined> {
  if (!asked.rule.approvers.includes('quay:namespace-admin')) return undefined
  const [first = [], ...others] = await Promise.all(decidedNamespaces(asked).map((namespace) => adminAccounts(bot, namespace)))
  return first.filter((account) => others.every((all) => all.includes(account)))
}

async function namesOf({ slack }: Bot, { rule }: Asked): Promise<Record<string, string>> {
  const people = rule.approvers.filter((one) => /^[UW]/.test(one))
  const found = await Promise.all(people.map(async (id) => [id, await nameOf(findSlackUser(slack, id), id)] as const))
  if (!rule.approvers.some((one) => one.startsWith('S'))) return Object.fromEntries(found)
  const { usergroups = [] } = await slack.directory.usergroups.list().catch(() => ({ usergroups: [] }))
  const groups = usergroups.flatMap(({ id, handle }) => (id && handle ? [[id, handle] as const] : []))
  return Object.fromEntries([...found, ...groups.filter(([id]) => rule.approvers.includes(id))])
}

async function nameOf(asked: Promise<{ name: string }>, id: string) {
  return asked.then(
    ({ name }) => name,
    () => id,
  )
}

/** For a new repository: similar names, and the remaining quota. */
async function aroundIt(bot: Bot, asked: Asked): Promise<Pick<About, 'similar' | 'quota'>> {
  const field = fieldsOf(asked.command).find(({ of }) => of === 'new-repository')
  const wanted = String(asked.input[field?.name ?? ''] ?? '')
  if (!wanted) return {}
  const namespace = namespaceOf(wanted)
  const [mayKnow, organization] = await Promise.all([allMayKnow(bot, asked, namespace), findOrganization(bot.quay, namespace)])
  const similar = await similarNames(bot, wanted, mayKnow)
  const { quota: limit, size: used = 0 } = organization ?? {}
  return { ...(similar.length > 0 && { similar }), ...(mayKnow && limit !== undefined && { quota: { namespace, limit, used } }) }
}

/** Private names are shown only if every approver may know them, because all of them see the card (docs/SECURITY.md rule 22). */
async function similarNames({ quay }: Bot, wanted: string, mayKnow: boolean): Promise<string[]> {
  const { repositories } = await listRepositories(quay, namespaceOf(wanted))
  const word = withoutNamespace(wanted)
  const isNear = (name: string) => name.includes(word) || word.includes(name) || distance(name, word) <= 2
  return repositories
    .flatMap(({ name, visibility }) => ((mayKnow || visibility === 'public') && isNear(withoutNamespace(name)) ? [name] : []))
    .slice(0, shownAtMost)
}

/** Whether all possible approvers are admins of the namespace, so that the card may show what Quay shows to admins. */
async function allMayKnow(bot: Bot, { rule }: Asked, namespace: string) {
  if (rule.approvers.includes('quay:superuser') && !bot.quay.capabilities.superusersFullAccess) return false
  const named = rule.approvers.filter((one) => !one.startsWith('quay:'))
  const people = await peopleIn(bot.slack, named)
  if (people.length > lookedAt) return false
  const present = await presentAmong(bot.slack, people)
  const held = await Promise.all(present.map(async (id) => effectivePermission(bot, await identify(bot, id), namespace)))
  return held.every((permission) => hasPermission(permission, 'admin'))
}
