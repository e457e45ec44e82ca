import { onTestFinished } from 'vitest'
import type { Environment } from '../src/core/config.ts'
import type { Policy } from '../src/core/policy.ts'
import type { Where } from '../src/db/database.ts'
import { openSandbox } from '../src/sandbox/main.ts'
import type { QuaySettings } from '../src/sandbox/quay/settings.ts'
import { keepDirectory, writeDirectory } from './db/known-directory.ts'
import { ownDatabase } from './db/own-database.ts'
import { writePeriods } from './db/ran-already.ts'
import { untilDirectoryRead } from './directory.ts'
import { type PersonAtSlack, personAt } from './people.ts'

interface Options {
  environment?: Environment
  policy?: Partial<Policy>
  /** How Slack reaches the bot: Socket Mode unless it says http. */
  transport?: 'socket' | 'http'
  /** One of its own, unless said. */
  database?: Where
  /** With the subscription that the tour is about. */
  subscribed?: boolean
  /** A real registry instead of the simulated one. */
  registry?: { url: string; token: string }
  /** The scopes of the bot's token: `readmeScopes` (sandbox/quay/api.ts) for exactly the README's; all unless said. */
  scopes?: string[]
  /** Optional scopes that the Slack app was installed without. */
  slackWithout?: string[]
  /** Which Quay it is: `{ release: '3.12', fullAccess: false, adminOf: ['acme'] }`; the newest with full access unless said. */
  quay?: QuaySettings
  /** Whether it reads the directory of the registry itself, as at its very first start, instead of finding it as after a restart. */
  readsDirectory?: boolean
  /** Whether its periodic work begins with it, as at its very first start, instead of being done for the moment, as after a restart. */
  beginsPeriods?: boolean
  /** When it stops: after the test that started it, or with vitest's `afterAll` after all tests of the file. */
  until?: (stop: () => Promise<void>) => void
}

const names = ['alice', 'bea', 'carl', 'dora', 'eve', 'frank', 'grace'] as const
type Name = (typeof names)[number]

// The hashes of addresses in a directory that was read before are made with it.
const secretsKey = Buffer.alloc(32, 'test').toString('base64')

/** Whether its first pass reads what every first pass reads. */
function isUsual({ environment, registry, scopes, quay }: Options) {
  const settings = Object.keys(environment ?? {})
  return !(registry || scopes || quay || settings.some((name) => ['QUAY_RATE', 'SANDBOX_QUAY', 'SECRETS_KEY'].includes(name)))
}

/** The real bot against the strict simulators, over real HTTP and a real WebSocket, with a database of its own. */
export async function startBot({
  environment = {},
  policy = {},
  until = onTestFinished,
  readsDirectory,
  beginsPeriods,
  ...more
}: Options = {}) {
  let log = ''
  const own = more.database ? undefined : await ownDatabase()
  const query = !readsDirectory && isUsual({ environment, ...more }) ? own?.query : undefined
  const isKnown = query ? await writeDirectory(query) : false
  if (own?.query && !beginsPeriods) await writePeriods(own.query, isKnown ? [] : ['directory'])
  const sandbox = await openSandbox(
    { PORT: '0', LOG_LEVEL: 'debug', SECRETS_KEY: secretsKey, ...environment },
    {
      ...more,
      ...(own && { database: own.where }),
      policy,
      log: {
        write: (line) => {
          log += line
        },
      },
    },
  )
  until(async () => {
    await sandbox.stop()
    await own?.drop()
  })
  // At the rate of a real Quay it takes longer than a test wants to wait.
  if (environment.QUAY_RATE === undefined) await untilDirectoryRead(sandbox.bot)
  if (query) await keepDirectory(query)
  const people = Object.fromEntries(names.map((name) => [name, personAt(sandbox.origin, name)])) as Record<Name, PersonAtSlack>
  return Object.assign(sandbox, {
    ...people,
    repository: (name: string) => sandbox.quay.registry.repositories.find((one) => `${one.namespace}/${one.name}` === name),
    /** Everything the bot has logged. */
    log: () => log,
    /** The changing calls that Quay has answered: `POST /api/v1/repository`. */
    changes: () => sandbox.quay.exchanges.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
  })
}
