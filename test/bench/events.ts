import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { hooks, subscriptions } from '../../src/db/schema.ts'
import { hashOf } from '../../src/notifications/webhook-registration.ts'
import { openSandbox } from '../../src/sandbox/main.ts'
import { emptyBuild } from '../../src/sandbox/quay/builds.ts'
import { emptyRepository } from '../../src/sandbox/quay/seed-parts.ts'
import { newChannel } from '../../src/sandbox/slack/workspace.ts'
import { percentile } from './percentile.ts'

// Webhook → stored, against a bare node:http server with one insert per request into the same database, in the same run;
// event → posted at 50 a second; and what an event costs with 10,000 subscriptions against 10. Embedded database, in memory.

const sandbox = await openSandbox({ PORT: '0', LOG_LEVEL: 'error' })
const { slack, quay, origin } = sandbox
const { bot } = sandbox
const { db } = bot
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function addHook(object: string) {
  const token = `bench-${object}`.replaceAll('/', '-')
  const now = new Date(bot.clock())
  await db
    .insert(hooks)
    .values({ tokenHash: hashOf(token), object, event: 'build_success', notification: token, createdAt: now, checkedAt: now })
  return `${origin}/quay/events/${token}`
}

const many = <Value>(count: number, make: (number: number) => Value) => Array.from({ length: count }, (_, number) => make(number))

async function subscribe(targets: { target: string; channel: string }[]) {
  const now = new Date(bot.clock() - 60_000)
  const wish = {
    team: bot.slack.team,
    owner: 'U0BEA',
    groups: ['builds'],
    severity: 'high',
    tags: [],
    only: 'all' as const,
    digest: 'none' as const,
  }
  const rows = targets.map((one) => ({ ...wish, ...one, id: randomUUID(), checkedAt: new Date(bot.clock()), createdAt: now }))
  for (let from = 0; from < rows.length; from += 500) await db.insert(subscriptions).values(rows.slice(from, from + 500))
}

async function untilFanned() {
  for (;;) {
    const { rows } = await db.execute(sql`select count(*)::int as left from events where fanned_at is null`)
    if (rows[0]?.left === 0) return
    await wait(5)
  }
}

/** The same number of requests at once as several Quay workers would have. */
async function flood(count: number, send: (number: number) => Promise<unknown>) {
  const took: number[] = []
  let next = 0
  const started = performance.now()
  await Promise.all(
    many(10, async () => {
      while (next < count) {
        const number = next++
        const before = performance.now()
        await send(number)
        took.push(performance.now() - before)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  return { ...quantiles(took), perSecond: Math.round(count / seconds) }
}

function quantiles(took: number[]) {
  const at = (share: number) => Math.round(percentile(took, share) * 10) / 10
  return { p50: at(0.5), p99: at(0.99) }
}

const post = (address: string, body: object) =>
  fetch(address, { method: 'POST', body: JSON.stringify(body) }).then(async (response) => {
    await response.text()
    if (response.status !== 200) throw new Error(`answered ${response.status}`)
  })

async function stored() {
  await db.execute(sql`create table bench (id bigint generated always as identity, body text)`)
  const bare = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => void db.execute(sql`insert into bench (body) values (${body})`).then(() => response.end('{}')))
  }).listen(0, '127.0.0.1')
  await once(bare, 'listening')
  const address = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`
  const hookAddresses = await Promise.all(many(20, (number) => addHook(`acme/stored-${number}`)))
  const body = () => ({ build_id: randomUUID(), docker_tags: ['latest'] })
  console.log('webhook → stored  ', {
    bareServer: await flood(1_000, () => post(address, body())),
    bot: await flood(1_000, (number) => post(hookAddresses[number % 20] ?? '', body())),
  })
  await untilFanned()
  bare.close()
}

async function posted() {
  const channels = 100
  const places = many(channels, (number) => ({ target: `acme/posted-${number}`, channel: `C0BENCH${number}` }))
  for (const { channel } of places) slack.workspace.channels.push(newChannel(channel, channel.toLowerCase(), '', ['U0BEA', bot.slack.user]))
  const repositories = places.map(({ target }, number) =>
    emptyRepository({ id: 50_000 + number, namespace: 'acme', name: target.slice(5), created: 0 }),
  )
  quay.registry.repositories.push(...repositories)
  await subscribe(places)
  const addresses = await Promise.all(places.map(({ target }) => addHook(target)))
  const sent = new Map<string, number>()
  const took: number[] = []
  const forget = slack.onChange(() => {
    for (const message of slack.workspace.messages.slice(-3)) {
      const [id, at] = [...sent].find(([one]) => JSON.stringify(message.blocks).includes(one)) ?? []
      if (id === undefined || at === undefined) continue
      took.push(performance.now() - at)
      sent.delete(id)
    }
  })
  const count = 500
  for (let number = 0; number < count; number += 1) {
    const index = number % channels
    const build = { ...emptyBuild(bot.clock(), String(number)), uuid: randomUUID(), phase: 'complete' as const }
    repositories[index]?.builds.push(build)
    sent.set(build.uuid, performance.now())
    void post(addresses[index] ?? '', { build_id: build.uuid, docker_tags: ['latest'] })
    await wait(20)
  }
  for (let waited = 0; sent.size > 0 && waited < 30_000; waited += 100) await wait(100)
  forget()
  console.log('event → posted at 50/s', { ...quantiles(took), posted: took.length, lost: sent.size })
}

async function cost() {
  const each: number[] = []
  let there = 0
  for (const size of [10, 10_000]) {
    await subscribe(many(size - there, (number) => ({ target: `acme/other-${there + number}`, channel: 'C0ACMEDEV' })))
    there = size
    const target = `acme/cost-${size}`
    await subscribe([{ target, channel: 'C0ACMEDEV' }])
    const address = await addHook(target)
    await db.execute(sql`analyze`)
    const round = async () => {
      const before = performance.now()
      await post(address, { build_id: randomUUID(), docker_tags: ['latest'] })
      await untilFanned()
      return performance.now() - before
    }
    for (let number = 0; number < 10; number += 1) await round()
    const took: number[] = []
    for (let number = 0; number < 80; number += 1) took.push(await round())
    each.push(quantiles(took).p50)
  }
  const [few = 1, lots = 1] = each
  console.log('cost per event, until passed on', { with10: few, with10000: lots, factor: Math.round((lots / few) * 100) / 100 })
}

await stored()
await posted()
await cost()
await sandbox.stop()
process.exit(0)
