import type { CallLimit } from './nginx.ts'
import type { Registry } from './registry.ts'
import { isRelease, knownReleases } from './release.ts'

/** The bot's own account in the seed. */
export const botAccount = 'quaymaster'

export const allScopes = ['super:user', 'org:admin', 'user:admin', 'user:read', 'repo:create', 'repo:admin', 'repo:write', 'repo:read']
/** Exactly those that the README names for the bot's token. */
export const readmeScopes = ['super:user', 'user:admin', 'user:read']
/** Those with which the bot works as a member of admin teams, without full access too (set-up A of docs/quay.md, Releases §2). */
export const memberScopes = ['super:user', 'org:admin', 'repo:admin', 'repo:create', 'user:admin']

/** How the registry is run, and what it gives to the bot; what is not said stays as it is. */
export interface QuaySettings {
  /** `3.12`, `3.12.4` or `newest`. */
  release?: string | undefined
  /** FEATURE_SUPERUSERS_FULL_ACCESS, off in Quay's defaults and on in the seed. */
  fullAccess?: boolean | undefined
  /** Of the bot's token, at once. */
  scopes?: string[] | undefined
  /** In whose admin team the bot's account is: `all`, or organizations; it leaves every other that has more admins. */
  adminOf?: 'all' | string[] | undefined
  /** Flags without FEATURE_. */
  features?: Record<string, boolean> | undefined
  logsIn?: Registry['logsIn'] | undefined
  redisAnswers?: boolean | undefined
  /** What nginx lets through from one address (`quaysLimit`); everything unless said. */
  callLimit?: CallLimit | undefined
}

/** Throws for a release or organization that there is not. */
export function applySettings(registry: Registry, settings: QuaySettings) {
  const { release, fullAccess, scopes, adminOf, features, logsIn, redisAnswers, callLimit } = settings
  if (release !== undefined && !isRelease(release))
    throw new Error(`There is no release ${release} of Quay here; there are ${knownReleases.join(', ')}.`)
  if (adminOf !== undefined) join(registry, adminOf)
  if (release !== undefined) registry.release = release
  if (fullAccess !== undefined) registry.superusersFullAccess = fullAccess
  if (features) Object.assign(registry.features, features)
  if (logsIn !== undefined) registry.logsIn = logsIn
  if (redisAnswers !== undefined) registry.redisAnswers = redisAnswers
  if ('callLimit' in settings) registry.callLimit = callLimit
  if (scopes) for (const token of registry.tokens) if (token.account === botAccount) token.scopes = [...scopes]
}

function join({ organizations }: Registry, adminOf: 'all' | string[]) {
  const wanted = adminOf === 'all' ? organizations.map(({ name }) => name) : adminOf
  const unknown = wanted.find((name) => !organizations.some((one) => one.name === name))
  if (unknown !== undefined) throw new Error(`There is no organization ${unknown}.`)
  for (const organization of organizations) {
    const [team, ...others] = organization.teams.filter(({ role }) => role === 'admin')
    if (!team) continue
    const rest = [team, ...others].flatMap(({ members }) => members).filter((member) => member !== botAccount)
    if (!wanted.includes(organization.name) && rest.length === 0) continue
    for (const one of [team, ...others]) one.members = one.members.filter((member) => member !== botAccount)
    if (wanted.includes(organization.name)) team.members.push(botAccount)
  }
}

/** What the settings are now. */
export function settingsOf(registry: Registry): Required<Omit<QuaySettings, 'callLimit'>> & Pick<QuaySettings, 'callLimit'> {
  const { release, superusersFullAccess: fullAccess, organizations, features, logsIn, redisAnswers, callLimit, tokens } = registry
  const administers = ({ teams }: (typeof organizations)[number]) =>
    teams.some(({ role, members }) => role === 'admin' && members.includes(botAccount))
  const scopes = tokens.find(({ account, revoked }) => account === botAccount && !revoked)?.scopes ?? []
  const adminOf = organizations.filter(administers).map(({ name }) => name)
  return { release, fullAccess, scopes, adminOf, features, logsIn, redisAnswers, callLimit }
}
