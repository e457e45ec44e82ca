import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Where } from '../../src/db/database.ts'
import { emptyUser } from '../../src/sandbox/quay/seed-parts.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { isCi, sized } from '../sized.ts'
import { livesOf, reached } from '../start-lives.ts'
import { type Simulators, startSimulators } from '../start-simulators.ts'
import { live } from './life.ts'

const kills = sized(1, 6, 100)
const count = sized(10, 30, 500)
const repositories = ['acme/api', 'acme/shop']

interface Row {
  id: string
  state: string
  role: string
  object: string
  grantee: string
  endsAt: number
  endedAt: number
  /** How often the audit log says that it ended. */
  ended: number
}

const { startLife, startUnkilled } = livesOf<Row>(new URL('./life.ts', import.meta.url), live)

function addPeople({ quay }: Simulators) {
  for (let index = 0; index < count / 2; index += 1)
    quay.registry.users.push(emptyUser(5_000 + index, `temp${index}`, `temp${index}@example.com`, 0))
}

/** Each person gets write on two repositories; of every third one bea gives the same by hand. */
function wanted() {
  return Array.from({ length: count }, (_, index) => {
    return { object: repositories[index % 2] ?? '', grantee: `temp${Math.floor(index / 2)}`, byHand: index % 6 === 0 }
  })
}

type Wanted = ReturnType<typeof wanted>[number]

async function give({ slack }: Simulators, { object, grantee }: Wanted, seconds: number) {
  const until = new Date(Date.now() + seconds * 1000).toISOString()
  await slack.slash({ user: 'U0BEA', channel: 'C0ACMEDEV', text: `permission grant ${object} ${grantee} write until=${until}` })
}

function has({ quay }: Simulators, { object, grantee }: Pick<Wanted, 'object' | 'grantee'>) {
  const found = quay.registry.repositories.find((one) => `${one.namespace}/${one.name}` === object)
  return found?.userPermissions[grantee]
}

async function byHand({ quay, environment }: Simulators, { object, grantee }: Wanted) {
  const headers = { authorization: `Bearer ${quay.tokenOf('bea')}`, 'content-type': 'application/json' }
  const path = `${environment.QUAY_URL}/api/v1/repository/${object}/permissions/user/${grantee}`
  await fetch(path, { method: 'PUT', headers, body: JSON.stringify({ role: 'write' }) })
}

/** `replicas`: another bot on the same database that nobody kills, until only one is left to finish. */
async function storm(simulators: Simulators, database: Where, { replicas = 1 } = {}) {
  addPeople(simulators)
  const all = wanted()
  let one = startLife(simulators, database)
  await one.ready()
  const beside = replicas > 1 ? startUnkilled(simulators, database) : undefined
  await beside?.ready()
  const each = Math.ceil(count / kills)
  const began = performance.now()
  // Given by a bot that is killed all the time: what it had written down ends, and what it had not is not there.
  for (let kill = 0; kill < kills / 2; kill += 1) {
    const some = all.slice(kill * 2 * each, (kill + 1) * 2 * each)
    await Promise.allSettled(some.map((wish) => give(simulators, wish, 20)))
    await reached(() => some.filter((wish) => has(simulators, wish)).length >= some.length / 2, one.said)
    await sleep(Math.random() * 300)
    one.kill()
    await one.over
    // With `npm test` one is killed, and the replica beside it is left.
    if (!isCi) break
    one = startLife(simulators, database)
    await one.ready()
  }
  const given = all.filter((wish) => has(simulators, wish))
  const kept = given.filter((wish) => wish.byHand)
  for (const wish of kept) await byHand(simulators, wish)
  // Quay refuses a third of all calls while they end.
  const refusing = setInterval(() => simulators.quay.faults(Math.random() < 1 / 3 ? { status: 503 } : undefined), 5)
  for (let kill = 0; isCi && kill < kills / 2; kill += 1) {
    await sleep(200 + Math.random() * 1_500)
    one.kill()
    await one.over
    one = startLife(simulators, database)
    await one.ready()
  }
  one.kill()
  beside?.kill()
  await Promise.all([one.over, beside?.over])
  clearInterval(refusing)
  simulators.quay.faults(undefined)
  const last = startUnkilled(simulators, database, 'finish')
  await last.ready()
  // How long a bot takes to start is no matter of ends.
  const back = Date.now()
  await reached(() => last.said.rows !== undefined, last.said, 240_000)
  await last.over
  return { rows: last.said.rows ?? [], kept, back, took: performance.now() - began }
}

function expectHonest(simulators: Simulators, { rows, kept, back }: Awaited<ReturnType<typeof storm>>) {
  const { exchanges } = simulators.quay
  expect(rows.length).toBeGreaterThan(count / 2)
  const isKept = (row: Row) => kept.some(({ object, grantee }) => object === row.object && grantee === row.grantee)
  for (const row of rows.filter(({ state }) => state !== 'void')) {
    const name = `${row.grantee} on ${row.object}`
    const path = `/api/v1/repository/${row.object}/permissions/user/${row.grantee}`
    const taken = exchanges.filter((one) => one.method === 'DELETE' && one.path === path && one.status === 204)
    if (isKept(row) && row.state === 'left') {
      expect(has(simulators, row), name).toBe('write')
      expect(taken, name).toEqual([])
      continue
    }
    expect(row.state, name).toBe('ended')
    expect(row.ended, name).toBe(1)
    expect(has(simulators, row), name).toBeUndefined()
    expect(taken, name).toHaveLength(1)
    expect(taken[0]?.at, `${name} ended early`).toBeGreaterThanOrEqual(row.endsAt - 1_000)
    // A lease of somebody who was killed lasts half a minute; a minute after Quay is back all are over.
    expect(row.endedAt - Math.max(back, row.endsAt), name).toBeLessThan(60_000)
  }
  // Nothing is left that no row knows of.
  const known = new Set(rows.map(({ object, grantee }) => `${object} ${grantee}`))
  for (const wish of wanted()) if (has(simulators, wish)) expect(known, JSON.stringify(wish)).toContain(`${wish.object} ${wish.grantee}`)
  for (const row of rows) if (row.state === 'void') expect(has(simulators, row), `${row.grantee} void`).toBeUndefined()
}

test.runIf(isCi)(
  `${count} temporary permissions, ${kills} kills and a third of all calls refused, on PGlite: each ends once, none early, none of others'`,
  {
    timeout: 3_600_000,
  },
  async () => {
    const simulators = await startSimulators()
    const dataDir = await mkdtemp(join(tmpdir(), 'quaymaster-storm-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    expectHonest(simulators, await storm(simulators, { dataDir }))
  },
)

test('the same on PostgreSQL, with a second replica beside the one that is killed', { timeout: 3_600_000 }, async () => {
  const server = await postgresOfRun()
  onTestFinished(() => server.stop())
  const simulators = await startSimulators()
  expectHonest(simulators, await storm(simulators, { databaseUrl: await server.database() }, { replicas: 2 }))
})
