import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { subscriptions } from '../../../src/db/schema.ts'
import { findList } from '../../../src/security/directory/lists.ts'
import { percentile } from '../percentile.ts'
import { type Figure, seconds } from './figure.ts'
import { homeOf, nameOf, ordinary } from './registry.ts'
import { type Company, rate, startCompany } from './start.ts'
import { channelIdOf } from './workspace.ts'

// How long a load is watched. Longer says more and is no faster.
const watched = Number(process.env.BENCH_SECONDS ?? 90) * 1_000
const settles = 150_000

/** Subscriptions to everything of an organization, one in each channel, by somebody who may. */
export async function subscribe({ bot }: Company, count: number) {
  const now = new Date(bot.clock() - 60_000)
  const shared = { team: bot.slack.team, owner: 'U0DORA', groups: ['pushes'], severity: 'high', tags: [], only: 'all' as const }
  const rows = Array.from({ length: count }, (_, number) => ({
    ...shared,
    id: randomUUID(),
    channel: channelIdOf(number),
    target: `${homeOf(number % ordinary)}/*`,
    digest: 'none' as const,
    checkedAt: new Date(bot.clock()),
    createdAt: now,
  }))
  for (let from = 0; from < rows.length; from += 500) await bot.db.insert(subscriptions).values(rows.slice(from, from + 500))
}

const isShown = /org12\/wish/

export const home: Figure = async (database) => {
  const company = await startCompany(await database())
  await company.accountsRead()
  await company.unlimited(async () => {
    for (let number = 0; number < 100; number += 1) {
      const { text } = await company.member(290 + (number % 4)).types(`/quay repo create org${number}/wish reason=bench`)
      if (!/^Request .* sent to/.test(text)) throw new Error(text)
    }
    await sleep(5_000)
  })
  await company.rests()
  company.bot.cache.clear()
  const caused = () => company.turns.filter((one) => one.class !== 'background').length
  const before = caused()
  // An owner of org12, where one of them waits.
  const owner = company.member(84)
  const started = performance.now()
  await owner.post('home', {})
  let shown = ''
  while (!isShown.test(shown) && performance.now() - started < 200_000) {
    await sleep(50)
    shown = JSON.stringify(await owner.get(`home?user=${owner.name}`))
  }
  const took = performance.now() - started
  await company.rests()
  const calls = caused() - before
  await company.stop()
  const measured = isShown.test(shown) ? `${calls} calls, ${seconds(took)}` : `${calls} calls, and nothing shown after ${seconds(took)}`
  return [{ figure: 'App Home with 100 pending requests', measured, aim: '≤ 3 calls, ≤ 2 s' }]
}

export const subscriptionsAtRest: Figure = async (database) => {
  const company = await startCompany(await database(), { webhooks: true })
  await company.accountsRead()
  await subscribe(company, 500)
  // What background work had saved up while there was little to do is spent first.
  await sleep(settles)
  const [from, read, since] = [company.turns.length, await passed(company), Date.now()]
  let overlapping = 0
  while (Date.now() - since < watched) {
    await sleep(1_000)
    overlapping = Math.max(overlapping, await runsAtOnce(company))
  }
  const calls = company.turns.length - from
  const share = (calls / (watched / 1000) / rate) * 100
  const each = (await passed(company)) - read
  const pass = each > 0 ? `${((ordinary / each) * (watched / 3_600_000)).toFixed(1)} h` : 'none seen'
  await company.stop()
  return [
    {
      figure: '500 subscriptions org/*, nobody typing: of the budget; a full pass; runs of one job at once',
      measured: `${share.toFixed(0)} %; ${pass}; ${overlapping}`,
      aim: '≤ 25 %; 2 h; 1',
    },
  ]
}

/** How many organizations with subscriptions have been looked at since they were subscribed to. */
async function passed({ bot }: Company) {
  const { rows } = await bot.db.execute(sql`select count(*)::int as passes from namespace_passes where finished_at is not null`)
  return Number(rows[0]?.passes ?? 0)
}

async function runsAtOnce({ bot }: Company) {
  const { rows } = await bot.db.execute(
    sql`select coalesce(max(runs), 0)::int as most from (select count(*) as runs from pgboss.job where state = 'active' and name in ('reconcile', 'heal-subscriptions', 'digest', 'directory', 'follow-builds') group by name) as jobs`,
  )
  return Number(rows[0]?.most ?? 0)
}

export const suggestionsDuringPass: Figure = async (database) => {
  const company = await startCompany(await database())
  await company.accountsRead()
  // An owner of org12.
  const person = company.member(84)
  await person.types('/quay whoami')
  // A first pass over all repositories takes many minutes at this rate: it has come to org12, and goes on.
  await company.bot.db.execute(sql`update directory_lists set due_at = '2020-01-01' where list = 'org12/*'`)
  const isRead = async () => (await findList(company.bot, 'org12/*'))?.finishedAt
  while (!(await isRead())) await sleep(200)
  await person.post('slash', { channel: person.own, text: 'repo show' })
  let view: { id: string } | undefined
  while (!view) {
    await sleep(100)
    view = (await person.get<{ views: { id: string; fields: object }[] }>(`views?user=${person.name}`)).views.find(
      (one) => 'repository' in one.fields,
    )
  }
  const started = performance.now()
  const { options } = (await person.post('options', { view_id: view.id, field: 'repository', query: 'org12/' })) as unknown as {
    options: object[]
  }
  const took = performance.now() - started
  await company.stop()
  // The typed text is always the first of them.
  const measured = `${options.length - 1} names in ${seconds(took)}`
  return [{ figure: 'suggestions while the directory is read', measured, aim: 'at once' }]
}

export const readiness: Figure = async (database) => {
  const company = await startCompany(await database(), { webhooks: true })
  await company.accountsRead()
  await subscribe(company, 500)
  const typing = Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      company.person(nameOf(900 + index), { every: 1_000 }).types(`/quay repo create ${homeOf(900 + index)}/ready`),
    ),
  )
  const took: number[] = []
  const statuses = new Set<number>()
  for (let asked = 0; asked < 10; asked += 1) {
    await sleep(2_000)
    const started = performance.now()
    const { status } = await fetch(`${company.own}/readyz`)
    took.push(performance.now() - started)
    statuses.add(status)
  }
  await typing
  await company.stop()
  const measured = `slowest ${seconds(Math.max(...took))}, answered ${[...statuses].join(' and ')}`
  return [{ figure: '/readyz under 500 subscriptions and 30 newcomers', measured, aim: '≤ 1 s, 200' }]
}

export const interactive: Figure = async (database) => {
  const company = await startCompany(await database(), { webhooks: true })
  await company.accountsRead()
  await subscribe(company, 500)
  const took: number[] = []
  const began = performance.now()
  for (let number = 0; performance.now() - began < watched; number += 1) {
    const next = began + (number + 1) * 5_000
    const { took: each } = await company.person(nameOf(1_200 + number)).types(`/quay repo show ${homeOf(1_200 + number)}/service1`)
    took.push(each)
    await sleep(Math.max(0, next - performance.now()))
  }
  await company.stop()
  const measured = `p95 ${seconds(percentile(took, 0.95))}, median ${seconds(percentile(took, 0.5))} of ${took.length}`
  return [{ figure: 'interactive, one command every 5 s while the background runs', measured, aim: 'p95 ≤ 2 s' }]
}
