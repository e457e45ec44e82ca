import { afterAll, expect, test } from 'vitest'
import type { SimulatedQuay } from '../src/sandbox/quay/api.ts'
import { memberScopes, type QuaySettings, readmeScopes } from '../src/sandbox/quay/settings.ts'
import { lineOf, type Tick, tourSeed } from './seed-tour.ts'
import { isCi, sampled, sized } from './sized.ts'
import { startBot } from './start-bot.ts'

// The user's document, “15.4 Accessing the API from the command line”, through Slack's front door, on the registries that people run.
// Against a real Quay: QUAY_URL, QUAY_TOKEN, TOUR_ACCOUNT (a superuser's), TOUR_ORGANIZATION (one that it owns) and TOUR_GROUP (of LDAP).
const { QUAY_URL, QUAY_TOKEN, TOUR_ACCOUNT = 'quayadmin', TOUR_ORGANIZATION = 'acme', TOUR_GROUP = 'cn=ldapgroup,ou=Users' } = process.env
const registry = QUAY_URL && QUAY_TOKEN ? { url: QUAY_URL, token: QUAY_TOKEN } : undefined

// `npm run seed-tour` plays it as slow as Quay can be.
const slow = sized(50, 50, 500)

const printed: string[] = []
afterAll(() => console.log(`\nThe seed document through Slack:\n${printed.join('\n')}\n`))

interface Play {
  on: string
  quay?: QuaySettings
  /** How long Quay takes for each call, in milliseconds. */
  latencyMs?: number
  authentication?: 'LDAP' | 'Database'
}

async function play({ on, quay: settings = {}, latencyMs, authentication = 'Database' }: Play) {
  const { dora, quay } = await startBot({
    policy: {
      ...{ approvals: [], archives: { hosts: ['*.example.com'] } },
      identity: { map: { U0DORA: TOUR_ACCOUNT }, email: false },
    },
    quay: settings,
    ...(registry && { registry }),
  })
  quay.registry.authenticationType = authentication
  quay.registry.ldapGroups.push(TOUR_GROUP)
  const owners = quay.registry.organizations.find(({ name }) => name === TOUR_ORGANIZATION)?.teams.find(({ name }) => name === 'owners')
  owners?.members.push(TOUR_ACCOUNT)
  const before = standing(quay)
  if (latencyMs) quay.faults({ latencyMs })
  const suffix = Date.now().toString(36)
  const ticks = await tourSeed({ person: dora, organization: TOUR_ORGANIZATION, suffix, group: TOUR_GROUP })
  printed.push(`On ${on}:`, ...ticks.map(lineOf))
  quay.faults(undefined)
  quay.cleanUp()
  expect(standing(quay)).toEqual(before)
  return ticks
}

/** All that the tour could leave behind. */
function standing({ registry: { users, repositories, organizations, robots } }: SimulatedQuay) {
  return {
    users: users.map(({ name }) => name).toSorted(),
    repositories: repositories.map(({ namespace, name }) => `${namespace}/${name}`).toSorted(),
    teams: organizations.flatMap(({ name, teams }) => teams.map((team) => `${name} ${team.name} ${team.members}`)).toSorted(),
    robots: robots.map(({ name }) => name).toSorted(),
  }
}

const lacking = (ticks: Tick[]) => Object.fromEntries(ticks.flatMap(({ part, lacking: why }) => (why ? [[part.split(' ')[0], why]] : [])))

if (registry) aReal(registry.url)
else simulated()

function aReal(url: string) {
  test('each part is done, or says what the registry lacks', { timeout: 300_000 }, async () => {
    expect(await play({ on: url })).toHaveLength(9)
  })
}

function simulated() {
  test('users in Quay’s database: all but the directory', async () => {
    const ticks = await play({ on: 'the newest Quay, users in its database' })
    expect(ticks).toHaveLength(9)
    expect(lacking(ticks)).toEqual({ '15.4.4': expect.stringMatching(/directory|LDAP/) })
  })

  test.runIf(isCi)(
    'a slow registry, and LDAP: all but creating a user, which is the directory’s',
    async () => {
      const ticks = await play({ on: `LDAP, ${slow} ms a call`, latencyMs: slow, authentication: 'LDAP' })
      expect(lacking(ticks)).toEqual({ '15.4.2': expect.stringMatching(/directory|LDAP/) })
    },
    300_000,
  )

  test('without full access, an admin of the organization: as with it, in old releases too', async () => {
    for (const release of sampled(['3.10', '3.18'], 2)) {
      const quay = { release, fullAccess: false, adminOf: 'all' as const, scopes: memberScopes }
      const ticks = await play({ on: `Quay ${release} without full access, an admin of the organization`, quay, authentication: 'LDAP' })
      expect(lacking(ticks)).toEqual({ '15.4.2': expect.stringMatching(/directory|LDAP/) })
    }
  })

  test('without full access and without a membership: superuser commands, and for the rest the flag and the cure', async () => {
    const quay = { release: '3.16', fullAccess: false, adminOf: [], scopes: readmeScopes }
    const ticks = await play({ on: 'Quay 3.16 without full access, in no organization', quay })
    expect(Object.keys(lacking(ticks))).toEqual(['15.4.4', '15.4.6', '15.4.8', '15.4.5', '15.4.7', '15.4.9'])
    for (const why of Object.values(lacking(ticks)))
      for (const said of [
        /FEATURE_SUPERUSERS_FULL_ACCESS is off in this registry/,
        /QUAY_TOKEN has the scopes org:admin, repo:admin and repo:create/,
        /an admin (?:of acme )?can add quaymaster to a team with the role admin/,
      ])
        expect(why).toMatch(said)
  })
}
