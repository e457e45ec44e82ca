import type { Given } from '../../command/arguments.ts'
import type { ObjectKind } from '../../command/command.ts'
import type { Field } from '../../command/fields.ts'
import type { Bot } from '../../context.ts'
import { cached } from '../../core/ttl-cache.ts'
import { withPriority } from '../../quay/http.ts'
import { namespaceOf } from '../../quay/names.ts'
import { listRobots } from '../../quay/robots.ts'
import { listTags } from '../../quay/tags.ts'
import { readsEverything } from '../../quay/users.ts'
import { findAccountNames, findOrganizationNames, findRepositoryNames, findTeamNames, type Reader } from '../../security/directory/names.ts'
import { identify, type Person } from '../../security/identity.ts'

interface Asked {
  person: Person
  reader: Reader
  field: Field
  given: Given
  typed: string
}

const atMost = 99
// Slack waits three seconds for options, and a person types on after less than one.
const patience = 800

/**
 * The options of an external select, limited to what the person may know in Quay, from the directory, within a second.
 * Empty if the person is not known.
 */
export async function suggest(bot: Bot, user: string, field: Field, given: Given, typed: string): Promise<string[]> {
  const found = inTime(
    identify(bot, user).then((person) =>
      offers[field.of ?? 'channel'](bot, { person, field, given, typed, reader: readerOf(bot, person) }),
    ),
  )
  const all = (await found) ?? []
  const wanted = typed.toLowerCase()
  return [...new Set(all)].filter((one) => field.of === 'new-repository' || one.toLowerCase().includes(wanted)).slice(0, atMost)
}

/** Undefined after 800 ms, or when it fails. */
export async function inTime<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  const timer = Promise.withResolvers<undefined>()
  const timeout = setTimeout(() => timer.resolve(undefined), patience)
  // A person who is refused here gets the reason at submission.
  return Promise.race([asked.catch(() => undefined), timer.promise]).finally(() => clearTimeout(timeout))
}

/** Whose names these are: of somebody without an account or with a disabled one only what everybody sees. */
export function readerOf({ quay }: Bot, { account, user }: Person): Reader {
  return { account, readsAll: user?.enabled === true && readsEverything(quay, user) }
}

const offers: Record<ObjectKind, (bot: Bot, asked: Asked) => string[] | Promise<string[]>> = {
  namespace: (bot, { reader, typed }) => findOrganizationNames(bot, reader, typed, atMost),
  'new-namespace': () => [],
  'new-repository': newRepositories,
  repository: (bot, { reader, typed }) => findRepositoryNames(bot, reader, typed, atMost),
  team: (bot, { reader, field, given }) => findTeamNames(bot, reader, String(given[field.in ?? ''] ?? '')),
  robot: robots,
  tag: tags,
  // Quay shows the names of all users to everybody with an account (its entities call).
  user: (bot, { person, typed }) => (person.account === undefined ? [] : findAccountNames(bot, typed, atMost)),
  channel: () => [],
}

/** `acme/web` for every organization in which the person may create, from the text behind the slash. */
async function newRepositories(bot: Bot, { reader, typed }: Asked) {
  const [namespace = '', name = ''] = typed.includes('/') ? [namespaceOf(typed), typed.slice(typed.indexOf('/') + 1)] : ['', typed]
  const homes = await findOrganizationNames(bot, reader, namespace, atMost, { toCreate: true })
  return homes.filter((home) => home.startsWith(namespace)).map((home) => `${home}/${name}`)
}

async function robots(bot: Bot, { person, reader, given, field }: Asked) {
  const namespace = namespaceOf(String(given[field.in ?? ''] ?? given.repository ?? given.organization ?? ''))
  if (!(await findOrganizationNames(bot, reader, namespace, atMost)).includes(namespace)) return []
  const listed = await cached(bot.cache, `robots ${namespace}`, () =>
    listRobots(withPriority(bot.quay, { class: 'interactive', person: person.id }), namespace),
  )
  return listed.map(({ name }) => name)
}

async function tags(bot: Bot, { person, reader, field, given }: Asked) {
  const repository = String(given[field.in ?? 'repository'] ?? '')
  if (!(await findRepositoryNames(bot, reader, repository, atMost)).includes(repository)) return []
  const listed = await cached(bot.cache, `tags ${repository}`, () =>
    listTags(withPriority(bot.quay, { class: 'interactive', person: person.id }), repository, { limit: 100 }),
  )
  return listed.tags.map(({ name }) => name)
}
