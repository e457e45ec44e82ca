import { afterAll, expect, test } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { audit, replies } from '../../src/db/schema.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { phrases } from './phrases.ts'

const started = await startBot({ until: afterAll, environment: { QUAY_RATE: '1000' } })
const { dora, bot, slack, log } = started
const host = new URL(bot.config.QUAY_URL).host

interface Came {
  /** What ran, as the audit log has it. */
  ran: string[]
  opened: string | undefined
  /** Commands with a button below the reply. */
  offered: string[]
  /** What was refused for a reason that lies behind the words. */
  refused: string | undefined
  said: string
}

/** What became of a phrase: the commands that ran, the modal that opened, and the buttons that are offered. */
async function whatCame(typed: string): Promise<Came> {
  const [said, rows] = [await dora.sees(), (await bot.db.select().from(audit)).length]
  const [views, logged] = [new Set(slack.workspace.views.map(({ id }) => id)), log().length]
  const drawn = new Set(said.map((one) => JSON.stringify(one)))
  expect(await dora.sends(`/quay ${typed.replaceAll('HOST', host)}`)).toMatchObject({ ok: true })
  let fresh: (typeof said)[number] | undefined
  const opened = () => slack.workspace.views.find(({ id, blocks }) => !views.has(id) && !JSON.stringify(blocks).includes('One moment…'))
  await expect
    .poll(
      async () => {
        fresh = (await dora.sees()).findLast((one) => !drawn.has(JSON.stringify(one)) && one.text !== '')
        return fresh !== undefined || opened() !== undefined
      },
      { timeout: 20_000, interval: 10 },
    )
    .toBe(true)
  const view = opened()
  if (view) await dora.post('close', { view_id: view.id })
  const values = (fresh?.blocks ?? []).flatMap(({ elements = [] }) =>
    elements.map((one) => String(Object.entries(one).find(([name]) => name === 'value')?.[1])),
  )
  const kept = await bot.db.select().from(replies)
  const about = /"about":"([^"]*)".*"refused or failed"/.exec(log().slice(logged))?.[1]
  return {
    ran: (await bot.db.select().from(audit).orderBy(audit.id)).slice(rows).map(({ operation }) => operation),
    opened: view ? String(JSON.parse(view.private_metadata || '{}').operation) : undefined,
    offered: kept.filter(({ id }) => values.some((value) => value.startsWith(id))).map(({ operation }) => operation),
    refused: about,
    said: fresh?.text ?? '',
  }
}

/** Commands that change something and are named in so many words: those may run, or show what will go. */
const named =
  /^(?:create|new|add|delete|rm|remove|set|block|mirror|follow|share|rotate|freeze|protect|expire|retag|tag|team|robot|repo|repository|stop|turn|rerun|change|make|undelete)\b/

const found: string[] = []

const tried = sampled(phrases, 7)

test.each(tried)('/quay %s leads to %s', async (typed, meant) => {
  const { ran, opened, offered, refused, said } = await whatCame(typed)
  const changed = ran.filter((name) => commands.get(name)?.changes)
  // Whatever else comes of it, nothing else runs, and nothing is changed by a guess.
  expect(
    ran.filter((name) => name !== meant),
    said,
  ).toEqual([])
  if (!named.test(typed)) expect(changed, said).toEqual([])
  const leads = ran.includes(meant) || opened === meant || offered.includes(meant) || refused === meant || said.includes(`/quay ${meant}`)
  if (leads) found.push(typed)
  else missed.push(`${typed} → ${JSON.stringify({ opened, offered, refused, said: said.slice(0, 80) })}`)
})

const missed: string[] = []

test('at least 95 of 100 phrases lead to the command that is meant', () => {
  expect(phrases.length).toBeGreaterThanOrEqual(120)
  expect(found.length / tried.length, missed.join('\n')).toBeGreaterThanOrEqual(0.95)
})
