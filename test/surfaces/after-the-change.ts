import { desc, eq, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { readWords } from '../../src/command/arguments.ts'
import type { Command } from '../../src/command/command.ts'
import { commands } from '../../src/command/registry.ts'
import { wordsOf } from '../../src/command/tokenize.ts'
import { drain } from '../../src/core/drain.ts'
import { accessGrants, audit, posts, secrets } from '../../src/db/schema.ts'
import { sendPosts } from '../../src/notifications/outbox.ts'
import type { Failing } from '../../src/sandbox/slack/simulation.ts'
import type { Message, View } from '../../src/sandbox/slack/workspace.ts'
import { rememberReply } from '../../src/surfaces/reply-store.ts'
import { type Entry, table } from '../commands/table-entries.ts'
import type { startBot } from '../start-bot.ts'

export type Started = Awaited<ReturnType<typeof startBot>>

/** How a person comes to the command: they type it, or fill in its modal. */
type Way = 'typed' | 'modal'

export interface Case {
  name: string
  operation: Command
  entry: Entry
  way: Way
}

const posting = ['response_url', 'chat.postMessage', 'chat.postEphemeral', 'chat.update', 'views.update', 'views.publish'] as const
const asking = ['conversations.open', 'conversations.history', 'conversations.info', 'users.info', 'users.lookupByEmail'] as const
export const methods = [...posting, ...asking]

/** A 429, a 500, an answer that is lost, a scope that was not granted, and channels that take nothing. */
export const errors = ['ratelimited', '500', 'lost', 'missing_scope', 'is_archived', 'not_in_channel']

/** Every changing command, by both ways. */
export function cases(): Case[] {
  return [...commands].flatMap(([name, operation]) => {
    const entry = table[name]
    // `subscription test` changes nothing that could be lost, and lets itself be run once a minute.
    if (!operation.changes || !entry || name === 'subscription test') return []
    return (['typed', 'modal'] as const).map((way) => ({ name, operation, entry, way }))
  })
}

/** What came of one command. */
export interface Seen {
  happened: boolean
  /** What the person reads of it, in messages and in modals. */
  told: string[]
  doubled: string[]
  untrue: string[]
  left: string[]
  lost: string[]
}

let next = 0

/** Runs a command with Slack failing as it is told, once Quay has changed; and then looks at what there is. */
export async function run(started: Started, { name, operation, entry, way }: Case, failing: Failing[]): Promise<Seen> {
  const { slack, quay, changes } = started
  const user = `U0${entry.by.toUpperCase()}`
  const channel = entry.channel === 'acme-dev' ? 'C0ACMEDEV' : 'C0GENERAL'
  quay.registry.authenticationType = /^team (un)?sync/.test(name) ? 'LDAP' : 'Database'
  slack.workspace.messages.splice(0)
  slack.workspace.views.splice(0)
  const words = await wordsFor(started, entry, user, channel)
  const known = new Set(slack.workspace.messages.map(({ ts }) => ts))
  const [done, before, sealed] = [await finished(started, name), changes().length, await secretsOf(started)]
  const after = () => entry.aboutTheBot === true || changes().length > before
  // The first post of a credential is tried while Slack still fails, whether a job is quicker or not.
  slack.faults({ failing: failing.map((one) => ({ ...one, when: () => after() && (one.when?.() ?? true) })) })
  if (way === 'typed') await ended(started, () => slack.slash({ user, channel, text: `${name} ${words}` }))
  else await submit(started, { name, operation, user, channel, words })
  await press(started, user)
  await sendPosts(started.bot)
  const happened = (await finished(started, name)) > done
  slack.faults(undefined)
  await mended(started)
  const fresh = (await secretsOf(started)).filter(({ id }) => !sealed.some((one) => one.id === id))
  return { happened, ...look(started, { operation, user, happened, fresh, known }) }
}

async function wordsFor({ slack, bot }: Started, { first, words }: Entry, user: string, channel: string) {
  if (first === undefined) return words
  const text = first.replace('/quay ', '').replace('NEXT', `web-after-${next++}`)
  await ended({ bot }, () => slack.slash({ user, channel, text }))
  const said = JSON.stringify(slack.workspace.messages)
  const [grant] = await bot.db.select({ id: accessGrants.id }).from(accessGrants).orderBy(desc(accessGrants.startedAt)).limit(1)
  return words.replace('REQUEST', /[Rr]equest `(\w+)`/.exec(said)?.[1] ?? '').replace('GRANT', grant?.id ?? '')
}

/** The modal, filled with all that the command needs, from a button that a reply could have. */
async function submit(
  { slack, bot }: Started,
  { name, operation, user, channel, words }: { name: string; operation: Command; user: string; channel: string; words: string },
) {
  const { given } = readWords(operation, wordsOf(words))
  const value = await rememberReply(bot, { id: user, team: bot.slack.team }, { operation: name, input: given })
  const button = { type: 'button', action_id: 'reply:open', value, text: { type: 'plain_text', text: 'Open it' } }
  const blocks = [{ type: 'actions', block_id: 'b', elements: [button] }]
  const ts = `1.${String(next++).padStart(6, '0')}`
  const door: Message = { type: 'message', ts, channel, user: bot.slack.user, team: '', text: '', blocks, only_for: user }
  slack.workspace.messages.push(door)
  await ended({ bot }, () => slack.press({ user, channel, ts, value }))
  const view = modalsOf(slack.workspace.views, user).at(-1)
  slack.workspace.messages.splice(slack.workspace.messages.indexOf(door), 1)
  expect(view?.callback_id, `the modal of ${name}: ${JSON.stringify(view?.blocks)}`).toBe('operation')
  await ended({ bot }, () => slack.submit({ user, view_id: view?.id ?? '', values: {} }))
}

/** Does what a person does, and waits until the bot has done all that comes of it. */
async function ended({ bot }: Pick<Started, 'bot'>, act: () => Promise<unknown>) {
  const served = async () => (await bot.metrics.commands.get()).values.reduce((sum, { value }) => sum + value, 0)
  const before = await served()
  await act()
  // Acked first, served after.
  await expect.poll(served, { timeout: 60_000, interval: 5 }).toBeGreaterThan(before)
  expect(await drain(bot.runtime.inFlight, 60_000)).toBe(0)
}

/** A preview is pressed, wherever its reply came. */
async function press(started: Started, user: string) {
  const { slack } = started
  const preview = slack.workspace.messages.findLast((one) => JSON.stringify(one.blocks ?? []).includes('preview:confirm'))
  if (!preview) return
  await ended(started, () => slack.press({ user, channel: preview.channel, ts: preview.ts, action_id: 'preview:confirm' }))
}

/** Slack is well again, and the time comes of what was put off. */
async function mended({ bot }: Started) {
  // As the jobs do it, without waiting for their turn: a lost answer first, then what was put off.
  for (let time = 0; time < 3; time += 1) {
    await bot.db.update(posts).set({ dueAt: new Date(0) })
    await sendPosts(bot)
  }
  expect(await drain(bot.runtime.inFlight, 60_000)).toBe(0)
}

async function finished({ bot }: Started, name: string) {
  return bot.db.$count(audit, sql`${eq(audit.operation, name)} and ${eq(audit.phase, 'finished')}`)
}

function secretsOf({ bot }: Started) {
  return bot.db.select({ id: secrets.id, person: secrets.person }).from(secrets)
}

function modalsOf(views: View[], user: string) {
  return views.filter((one) => one.user === user && one.type === 'modal')
}

const untrue = /Nothing was lost|[Tt]ry again|has happened|Something went wrong|does not answer|takes no more|nothing has changed/

function look(
  { slack, bot }: Started,
  {
    operation,
    user,
    happened,
    fresh,
    known,
  }: Pick<Case, 'operation'> & { user: string; happened: boolean; fresh: { id: string }[]; known: Set<string> },
): Omit<Seen, 'happened'> {
  const messages = slack.workspace.messages.filter((one) => one.user === bot.slack.user)
  const views = modalsOf(slack.workspace.views, user).map(({ blocks }) => JSON.stringify(blocks))
  const said = messages.map((one) => `${one.text} ${JSON.stringify(one.blocks ?? [])}`)
  const texts = messages.filter(({ ts }) => !known.has(ts)).map(whatItIs)
  const reachable = (id: string) => [...said, JSON.stringify(slack.workspace.homes)].some((one) => one.includes(id))
  return {
    told: [...messages.map(({ text }) => text), ...views],
    doubled: texts.filter((text, index) => text !== '' && texts.indexOf(text) !== index),
    untrue: happened ? [...said, ...views].filter((one) => untrue.test(one)) : [],
    left: views.filter((one) => /One moment…|Working…/.test(one)),
    lost:
      operation.reveals && happened
        ? fresh.length === 0
          ? ['never sealed']
          : fresh.filter(({ id }) => !reachable(id)).map(({ id }) => id)
        : [],
  }
}

/** A request has a card and its requester’s message, one of each; everything else is said once, wherever. */
function whatItIs({ text, channel, blocks }: Message) {
  const request = / requests approval for /.test(text) && /Request `(\w+)`/.exec(JSON.stringify(blocks))?.[1]
  return request ? `${channel} ${request}` : text
}
