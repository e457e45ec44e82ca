import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { requests } from '../../src/db/schema.ts'
import { emptyUser } from '../../src/sandbox/quay/seed-parts.ts'
import { passOverDirectory } from '../directory.ts'
import { isCi, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { newRepositories } from './start-requests.ts'

const count = sized(1, 40, 1_000)
const approvals = 'C0APPROVALS'
const approvers = Array.from({ length: 10 }, (_, index) => `judge${index}`)

/** A registry where ten people are owners of globex, in Slack and in Quay. */
async function startCourt(policy = newRepositories()) {
  const started = await startBot({ policy: { approvals: policy }, environment: { LOG_LEVEL: 'error' } })
  const { slack, quay } = started
  const model = slack.workspace.users.find(({ name }) => name === 'alice')
  if (!model) throw new Error('no alice')
  const globex = quay.registry.organizations.find(({ name }) => name === 'globex')
  for (const [index, name] of approvers.entries()) {
    slack.workspace.users.push({
      ...structuredClone(model),
      id: `U0JUDGE${index}`,
      name,
      profile: { ...model.profile, display_name: name, email: `${name}@example.com` },
    })
    quay.registry.users.push(emptyUser(500 + index, name, `${name}@example.com`, Date.now()))
    globex?.teams[0]?.members.push(name)
  }
  slack.workspace.channels.find(({ id }) => id === approvals)?.members.push(...approvers.map((_, index) => `U0JUDGE${index}`))
  // Accounts that come while the bot runs are known with its next pass.
  await passOverDirectory(started.bot)
  return { ...started, judges: approvers.map((_, index) => `U0JUDGE${index}`) }
}

type Court = Awaited<ReturnType<typeof startCourt>>

async function askFor({ slack, bot }: Court, commands: string[]) {
  for (let index = 0; index < commands.length; index += 20)
    await Promise.all(commands.slice(index, index + 20).map((text) => slack.slash({ user: 'U0ALICE', channel: 'C0ACMEDEV', text })))
  await expect.poll(() => bot.db.$count(requests), { timeout: 1_200_000 }).toBe(commands.length)
  return bot.db.select().from(requests)
}

/** Everybody presses Approve on the card at the same moment; what each of them is told, in their own words from the bot. */
async function allApprove({ bot, slack, judges }: Court, { id }: { id: string }) {
  const card = async () => (await bot.db.select({ ts: requests.cardTs }).from(requests).where(eq(requests.id, id)))[0]?.ts ?? ''
  await expect.poll(card, { timeout: 120_000, interval: 5 }).not.toBe('')
  const ts = await card()
  slack.workspace.messages = slack.workspace.messages.filter(({ only_for }) => only_for === undefined)
  const told = () => slack.workspace.messages.filter(({ only_for, channel }) => only_for !== undefined && channel === approvals)
  const heard = await Promise.all(judges.map((user) => slack.press({ user, channel: approvals, ts, label: 'Approve' })))
  expect(heard.map(({ ok, error }) => error ?? ok)).toEqual(judges.map(() => true))
  await expect.poll(() => told().length, { timeout: 60_000, interval: 5 }).toBe(judges.length - 1)
  return told()
}

test(`${count} requests, ten approvers press Approve at the same moment: ${count} repositories, never two, and every loser hears who decided`, {
  timeout: 1_800_000,
}, async () => {
  const court = await startCourt()
  const { bot, quay } = court
  const asked = await askFor(
    court,
    Array.from({ length: count }, (_, index) => `repo create globex/race${index} reason=race`),
  )

  for (const request of asked) {
    const losers = await allApprove(court, request)
    expect(new Set(losers.map(({ only_for }) => only_for)).size).toBe(9)
    for (const { text } of losers) expect(text).toMatch(/^judge\d already approved this request\./)
  }

  await expect
    .poll(async () => (await bot.db.select().from(requests)).filter(({ state }) => state !== 'succeeded').length, { timeout: 600_000 })
    .toBe(0)
  // Quay's own log has every creation; its list of calls keeps the newest only.
  const made = quay.registry.logs.filter(({ kind, repository }) => kind === 'create_repo' && repository?.startsWith('globex/race'))
  expect(made).toHaveLength(count)
  expect(new Set(made.map(({ repository }) => repository)).size).toBe(count)
  expect(quay.registry.repositories.filter(({ namespace, name }) => namespace === 'globex' && name.startsWith('race'))).toHaveLength(count)
})

// Each asks what became of the lost ones, by a clock that is moved: a tenth of a tenth is enough for every day.
const builds = sized(2, 10, 1_000)

test.runIf(isCi)(
  `${builds} builds, ten approvers each, every third answer lost: never two builds of one, and who cannot be known of is said to be`,
  {
    timeout: 1_800_000,
  },
  async () => {
    const court = await startCourt(newRepositories({ operations: ['build start'] }))
    const { bot, quay, repository } = court
    const archive = (index: number) => `https://downloads.example.com/race${index}.tar.gz`
    const asked = await askFor(
      court,
      // Each its own tag: what one build pushes would be news for whoever approves the next one of that tag.
      Array.from({ length: builds }, (_, index) => `build start globex/site ${archive(index)} docker_tags=race${index} reason=race`),
    )
    const started = () => repository('globex/site')?.builds.filter(({ archiveUrl }) => archiveUrl?.includes('/race')) ?? []
    for (const [index, request] of asked.entries()) {
      if (index % 3 === 0) quay.faults({ cut: true, match: 'POST ', times: 1 })
      await allApprove(court, request)
      await expect
        .poll(
          async () => {
            // A busy machine may make an attempt of the run fail for now; time goes on.
            await court.clock.advance(1_000)
            return started().length
          },
          { timeout: 60_000 },
        )
        .toBe(index + 1)
    }
    await expect
      .poll(
        async () => {
          await court.clock.advance(10_000)
          return (await bot.db.select().from(requests)).filter(({ state }) => state !== 'succeeded' && state !== 'unknown').length
        },
        { timeout: 600_000, interval: 500 },
      )
      .toBe(0)
    expect(started()).toHaveLength(builds)
    expect(new Set(started().map(({ archiveUrl }) => archiveUrl)).size).toBe(builds)
    for (const { state, failure } of await bot.db.select().from(requests)) expect(failure === null).toBe(state === 'succeeded')
  },
)
