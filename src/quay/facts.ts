import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { call, find } from './http.ts'
import { findOrganization, listOrganizations } from './organizations.ts'
import { type Capabilities, type Quay, type questionNames, strictest } from './registry.ts'

type AskSelf = () => ReturnType<typeof readSelf>

const questions: Record<(typeof questionNames)[number], (quay: Quay, self: AskSelf) => Promise<Partial<Capabilities>>> = {
  account,
  fullAccess,
  configuration,
  document,
  sight,
}

/** Asks the registry about itself, all anew, for all copies of `quay`. Throws nothing that Quay does: see `unread`. */
export async function discover(quay: Quay): Promise<Quay> {
  return ask(quay, Object.keys(questions))
}

/** Asks again what could not be read, and only that. Call it every minute; and `discover` every ten, as registries are upgraded. */
export async function refreshCapabilities(quay: Quay): Promise<Quay> {
  return ask(quay, quay.capabilities.unread)
}

async function ask(quay: Quay, names: string[]) {
  let asked: ReturnType<AskSelf> | undefined
  const self = () => {
    asked ??= readSelf(quay)
    return asked
  }
  const answers = await Promise.all(
    Object.entries(questions).map(async ([name, question]) => (names.includes(name) ? orNothing(question(quay, self)) : {})),
  )
  const unread = Object.keys(questions).filter(
    (name, index) => answers[index] === undefined || (!names.includes(name) && quay.capabilities.unread.includes(name)),
  )
  Object.assign(quay.capabilities, ...answers, { unread })
  // A superuser who may read everything passes the probe too: then the flag tells the difference.
  if (quay.capabilities.features.SUPERUSERS_FULL_ACCESS === false) quay.capabilities.superusersFullAccess = false
  return quay
}

async function orNothing<Found>(answer: Promise<Found>) {
  try {
    return await answer
  } catch (error) {
    // What Quay refuses once it will refuse again, but a token or a registry can be mended while the bot runs.
    if (error instanceof Failure) return undefined
    throw error
  }
}

const self = z.object({
  username: z.string(),
  email: z.string().nullish(),
  organizations: z.array(z.object({ name: z.string() })).default([]),
})

/** The only call below /user/ there is: all others act on the bot's own account (docs/SECURITY.md rule 4). Undefined: it may not. */
function readSelf(quay: Quay) {
  return orNone(call(quay, { method: 'GET', path: '/user/', response: self }))
}

async function account(_: Quay, askSelf: AskSelf) {
  const found = await askSelf()
  // The address is shown to tokens with user:admin only (docs/quay.md, Scopes).
  return found ? { account: found.username, userAdmin: found.email !== undefined } : {}
}

/** Undefined when Quay will not say: asking again would not help. */
async function orDenied<Found>(answer: Promise<Found>) {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') return undefined
    throw error
  }
}

/**
 * Reads a repository that nobody has, in a namespace that nobody has: who has no right there hears 403, a superuser with full
 * access 404 (recorded: repo-get-missing-nonmember, repo-get-missing).
 */
async function fullAccess(quay: Quay) {
  const repository = `quaymaster-${randomUUID()}/probe`
  const found = find(quay, { path: '/repository/{repository}', params: { repository }, response: z.unknown() })
  return { superusersFullAccess: (await orDenied(found.then((read) => read === undefined))) ?? false }
}

const publicConfiguration = z.object({
  config: z.object({ AUTHENTICATION_TYPE: z.string(), TAG_EXPIRATION_OPTIONS: z.array(z.string()) }).partial(),
  features: z.record(z.string(), z.unknown()),
  version_number: z.string().nullish().catch(undefined),
  registry_state: z.string().nullish().catch(undefined),
})

/** Public: Quay's own pages read it. */
async function configuration(quay: Quay) {
  const {
    config,
    features,
    version_number: version,
    registry_state: state,
  } = await call(quay, { method: 'GET', path: '/config', response: publicConfiguration })
  const flags = Object.entries(features).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean')
  return {
    version: version || undefined,
    readOnly: state === 'readonly',
    features: { ...strictest, ...Object.fromEntries(flags) },
    authentication: config.AUTHENTICATION_TYPE ?? 'unknown',
    tagExpirations: config.TAG_EXPIRATION_OPTIONS ?? [],
  }
}

// One call each: beyond that nothing is counted.
const joinedRead = 50
const pagesRead = 10

/**
 * What of the organizations Quay shows the bot (docs/quay.md, Releases §2): `is_admin` is about its account and its token's scopes
 * together. Whether it sees the roles of teams elsewhere, one organization tells that it is not in.
 */
async function sight(quay: Quay, askSelf: AskSelf): Promise<Partial<Capabilities>> {
  const own = await askSelf()
  const all = await orNone(listNames(quay))
  const joined = own?.organizations.map(({ name }) => name)
  const read = await Promise.all((joined ?? []).slice(0, joinedRead).map((name) => findOrganization(quay, name)))
  const administered = read.flatMap((one) => (one?.isAdmin ? [one.name] : []))
  const repositories = administered[0] === undefined ? undefined : await administersRepositories(quay, administered[0])
  const scoped = read.length === 0 ? undefined : read.some((one) => one?.teams !== undefined)
  const other = all?.find((name) => !joined?.includes(name))
  const elsewhere = other === undefined ? undefined : await findOrganization(quay, other)
  return {
    ...(joined && { organizations: { joined, administered, total: all?.length, scoped, repositories } }),
    ...(elsewhere && { showsRoles: elsewhere.teams !== undefined }),
  }
}

/** Asks who has a permission on a repository that nobody has: 403 without repo:admin, and else an empty list. */
async function administersRepositories(quay: Quay, organization: string) {
  const params = { repository: `${organization}/quaymaster-${randomUUID()}` }
  const asked = find(quay, { path: '/repository/{repository}/permissions/user/', params, response: z.unknown() })
  return (await orDenied(asked.then(() => true))) ?? false
}

async function listNames(quay: Quay) {
  const names: string[] = []
  let next: string | undefined
  for (let page = 0; page < pagesRead; page++) {
    const found = await listOrganizations(quay, { limit: 100, next })
    names.push(...found.organizations.map(({ name }) => name))
    next = found.next
    if (next === undefined) break
  }
  return names
}

/** Undefined for what Quay will not say or does not have: asking again would not help. */
async function orNone<Found>(answer: Promise<Found>) {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Failure && (error.code === 'denied' || error.code === 'not_found')) return undefined
    throw error
  }
}

const operationOf = z.object({ parameters: z.array(z.unknown()) })
const bodyParameter = z.object({ in: z.literal('body'), schema: z.object({ $ref: z.string() }) })
const apiDocument = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  definitions: z.record(z.string(), z.object({ properties: z.record(z.string(), z.unknown()).optional() })).default({}),
})

async function document(quay: Quay) {
  // `internal`: some calls for superusers are in no public document.
  const read = await call(quay, { method: 'GET', path: '/discovery', query: { internal: true }, response: apiDocument })
  const offered = new Map(
    Object.entries(read.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [key(path.replace('/api/v1', ''), method), fieldsOf(operation, read)] as const),
    ),
  )
  // A few addresses are in no document at all.
  const hidden = ['/config', '/discovery']
  return {
    offers: (template: string, method: string) => hidden.includes(template) || offered.has(key(template, method)),
    accepts: (template: string, method: string, field: string) => offered.get(key(template, method))?.includes(field),
  }
}

/** The fields that a call takes in its body; undefined where the document does not say. */
function fieldsOf(operation: unknown, { definitions }: z.output<typeof apiDocument>) {
  const { data } = operationOf.safeParse(operation)
  const [body] = (data?.parameters ?? []).flatMap((one) => bodyParameter.safeParse(one).data ?? [])
  const { properties } = definitions[body?.schema.$ref.replace('#/definitions/', '') ?? ''] ?? {}
  return properties && Object.keys(properties)
}

/** Releases name the parameters differently, and agree on where they stand. */
function key(path: string, method: string) {
  return `${method.toLowerCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`
}
