import { pino } from 'pino'
import type { Bot } from '../../src/context.ts'
import { policyOf } from '../../src/core/policy.ts'
import { openCache } from '../../src/core/ttl-cache.ts'
import { type Capabilities, nothingKnown } from '../../src/quay/registry.ts'
import type { User } from '../../src/quay/users.ts'
import type { Person } from '../../src/security/identity.ts'
import { startServer } from '../quay/start-server.ts'

// The parts of a bot that decide, each given by hand, so that a table of cases takes milliseconds.

/** What a call is answered: data, an error's number, what a function makes at that moment, or one after the other of these. */
type Answers = Record<string, unknown>

/** A registry that answers what it is given, by `GET /organization/acme`, and has nothing else; and what it was asked. */
export async function registryOf(answers: Answers, capabilities: Partial<Capabilities> = {}) {
  const { quay, requests } = await startServer(
    ({ method, path }) => {
      const given = answers[`${method} ${decodeURIComponent(path.replace('/api/v1', ''))}`]
      const next = Array.isArray(given) ? (given.length > 1 ? given.shift() : given[0]) : given
      const answer = typeof next === 'function' ? next() : next
      if (answer === undefined) return { status: 404, body: { detail: 'Not Found' } }
      if (answer === 302) return { status: 302, headers: { location: path } }
      return typeof answer === 'number' ? { status: answer, body: { detail: 'No.' } } : { body: answer }
    },
    { pauses: [] },
  )
  quay.capabilities = { ...nothingKnown(), superusersFullAccess: true, ...capabilities }
  const asked = () => requests.map(({ method, path }) => `${method} ${decodeURIComponent(path.replace('/api/v1', ''))}`)
  return { quay, asked, requests }
}

/** Somebody in Slack as its API has them. */
export const inSlack = (id: string, more: object = {}) => ({
  id,
  name: id.toLowerCase(),
  team_id: 'T0ACME',
  is_email_confirmed: true,
  profile: { email: `${id.slice(2).toLowerCase()}@example.com` },
  ...more,
})

/** A Slack that knows these people and groups; a string in place of one is the error that it answers. */
export function slackOf(users: ReturnType<typeof inSlack>[], groups: Record<string, string[]> = {}) {
  const byEmail: string[] = []
  const directory = {
    users: {
      info: async ({ user }: { user: string }) => {
        const found = users.find(({ id }) => id === user)
        if (!found) throw Object.assign(new Error('user_not_found'), { data: { error: 'user_not_found' } })
        return { user: found }
      },
      lookupByEmail: async ({ email }: { email: string }) => {
        byEmail.push(email)
        const found = users.find(({ profile }) => profile.email === email)
        if (!found) throw new Error('users_not_found')
        return { user: found }
      },
    },
    usergroups: { users: { list: async ({ usergroup }: { usergroup: string }) => ({ users: groups[usergroup] ?? [] }) } },
  }
  const slack = {
    directory,
    team: 'T0ACME',
    enterprise: undefined,
    people: openCache(60, () => 0),
    aliases: new Map<string, string>(),
    unknown: new Map<string, string>(),
    log: pino({ level: 'silent' }),
  }
  return Object.assign(slack, { byEmail })
}

/** A bot of these parts. */
export function botOf(parts: object): Bot {
  const usual = {
    cache: openCache(30, () => 0),
    clock: () => 0,
    log: pino({ level: 'silent' }),
    policy: policyOf({}),
    slack: slackOf([]),
  }
  // The rest of a bot is not asked by anything under test.
  return { ...usual, ...parts } as unknown as Bot
}

const plainUser: User = {
  username: 'alice',
  email: 'alice@example.com',
  verified: true,
  enabled: true,
  superuser: false,
  globalReader: false,
  size: undefined,
}

/** Alice, with the account that bears her name, unless said. */
export function personOf(user: Partial<User> | undefined = {}, more: Partial<Person> = {}): Person {
  return {
    ...{ id: 'U0ALICE', team: 'T0ACME', name: 'alice', language: 'en', timeZone: undefined, account: 'alice' },
    user: { ...plainUser, ...user },
    ...more,
  }
}

/** An account as Quay answers it. */
export const accountAnswer = (username: string, more: object = {}) => ({
  username,
  email: `${username}@example.com`,
  enabled: true,
  super_user: false,
  ...more,
})

/** What somebody throws, for looking at all of it. */
export async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new TypeError('nothing was thrown')
}
