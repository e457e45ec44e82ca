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
import { identify, type Person } from '../../security/identity.ts'
import { type CatalogedNamespace, catalogOf, refreshed } from './catalog.ts'

interface Asked {
  person: Person
  field: Field
  given: Given
  typed: string
}

const atMost = 99
// Slack waits three seconds for options, and a person types on after less than one.
const patience = 800

/**
 * The options of an external select, limited to what the person may know in Quay. Cached data only, within a second.
 * Empty if the person is not known.
 */
export async function suggest(bot: Bot, user: string, field: Field, given: Given, typed: string): Promise<string[]> {
  const found = inTime(
    Promise.all([identify(bot, user), refreshed(bot)]).then(([person]) =>
      offers[field.of ?? 'channel'](bot, { person, field, given, typed }),
    ),
  )
  const all = (await found) ?? []
  const wanted = typed.toLowerCase()
  return [...new Set(all)].filter((one) => field.of === 'new-repository' || one.toLowerCase().includes(wanted)).slice(0, atMost)
}

async function inTime<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  const timer = Promise.withResolvers<undefined>()
  const timeout = setTimeout(() => timer.resolve(undefined), patience)
  // A person who is refused here gets the reason at submission.
  return Promise.race([asked.catch(() => undefined), timer.promise]).finally(() => clearTimeout(timeout))
}

const offers: Record<ObjectKind, (bot: Bot, asked: Asked) => string[] | Promise<string[]>> = {
  namespace: (bot, { person }) => knownTo(bot, person).map(({ name }) => name),
  'new-namespace': () => [],
  'new-repository': newRepositories,
  repository: repositories,
  team: (bot, { person, field, given }) => knownTo(bot, person).find(({ name }) => name === given[field.in ?? ''])?.teams ?? [],
  robot: robots,
  tag: tags,
  // Quay shows the names of all users to everybody with an account (its entities call).
  user: (bot, { person }) => (person.account === undefined ? [] : catalogOf(bot).accounts),
  channel: () => [],
}

/** The organizations of the person; all of them for a person who can read everything. */
function knownTo(bot: Bot, person: Person): CatalogedNamespace[] {
  const { namespaces } = catalogOf(bot)
  return readsAll(bot, person)
    ? namespaces
    : namespaces.filter(({ members }) => person.account !== undefined && members.has(person.account))
}

function readsAll({ quay }: Bot, { user }: Person) {
  return user?.enabled === true && readsEverything(quay, user)
}

/** `acme/web` for every organization in which the person may create, from the text behind the slash. */
function newRepositories(bot: Bot, { person, typed }: Asked) {
  const [namespace = '', name] = typed.includes('/') ? [namespaceOf(typed), typed.slice(typed.indexOf('/') + 1)] : ['', typed]
  const mayCreate = ({ members }: CatalogedNamespace) =>
    readsAll(bot, person) || ['creator', 'admin'].includes(members.get(person.account ?? '')?.role ?? '')
  const homes = knownTo(bot, person).filter((one) => mayCreate(one) && one.name.startsWith(namespace))
  return homes.map((home) => `${home.name}/${name ?? ''}`)
}

function repositories(bot: Bot, { person }: Asked) {
  return catalogOf(bot).namespaces.flatMap(({ members, repositories }) => {
    const own = members.get(person.account ?? '')
    const all = readsAll(bot, person) || own?.role === 'admin'
    return repositories
      .filter(({ name, visibility }) => all || visibility === 'public' || own?.repositories.includes(name))
      .map(({ name }) => name)
  })
}

async function robots(bot: Bot, { person, given, field }: Asked) {
  const namespace = namespaceOf(String(given[field.in ?? ''] ?? given.repository ?? given.organization ?? ''))
  if (!knownTo(bot, person).some(({ name }) => name === namespace)) return []
  const listed = await cached(bot.cache, `robots ${namespace}`, () =>
    listRobots(withPriority(bot.quay, { class: 'interactive', person: person.id }), namespace),
  )
  return listed.map(({ name }) => name)
}

async function tags(bot: Bot, asked: Asked) {
  const { person, given, field } = asked
  const repository = String(given[field.in ?? 'repository'] ?? '')
  if (!repositories(bot, asked).includes(repository)) return []
  const listed = await cached(bot.cache, `tags ${repository}`, () =>
    listTags(withPriority(bot.quay, { class: 'interactive', person: person.id }), repository, { limit: 100 }),
  )
  return listed.tags.map(({ name }) => name)
}
