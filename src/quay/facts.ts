import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { call, find } from './http.ts'
import { type Capabilities, type Quay, type questionNames, strictest } from './registry.ts'

const questions: Record<(typeof questionNames)[number], (quay: Quay) => Promise<Partial<Capabilities>>> = {
  account,
  fullAccess,
  configuration,
  document,
}

/** Asks the registry about itself, all anew, for all copies of `quay`. Throws nothing that Quay does: see `unread`. */
export async function discover(quay: Quay): Promise<Quay> {
  return ask(quay, Object.keys(questions))
}

/** Asks again what could not be read, and only that. Call it every minute; and `learn` every hour, as registries are upgraded. */
export async function refreshCapabilities(quay: Quay): Promise<Quay> {
  return ask(quay, quay.capabilities.unread)
}

async function ask(quay: Quay, names: string[]) {
  const answers = await Promise.all(
    Object.entries(questions).map(async ([name, question]) => (names.includes(name) ? orNothing(question(quay)) : {})),
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

/** The only call below /user/ there is: all others act on the bot's own account (docs/SECURITY.md rule 4). */
async function account(quay: Quay) {
  const found = await orDenied(call(quay, { method: 'GET', path: '/user/', response: z.object({ username: z.string() }) }))
  return found ? { account: found.username } : {}
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
})

/** Public: Quay's own pages read it. */
async function configuration(quay: Quay) {
  const { config, features } = await call(quay, { method: 'GET', path: '/config', response: publicConfiguration })
  const flags = Object.entries(features).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean')
  return {
    features: { ...strictest, ...Object.fromEntries(flags) },
    authentication: config.AUTHENTICATION_TYPE ?? 'unknown',
    tagExpirations: config.TAG_EXPIRATION_OPTIONS ?? [],
  }
}

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
  const { data } = z.object({ parameters: z.array(z.unknown()) }).safeParse(operation)
  const [body] = (data?.parameters ?? []).flatMap((one) => bodyParameter.safeParse(one).data ?? [])
  const { properties } = definitions[body?.schema.$ref.replace('#/definitions/', '') ?? ''] ?? {}
  return properties && Object.keys(properties)
}

/** Releases name the parameters differently, and agree on where they stand. */
function key(path: string, method: string) {
  return `${method.toLowerCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`
}
