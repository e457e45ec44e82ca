import { afterAll, expect, test } from 'vitest'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { nounGroups, nounsOf } from '../../src/surfaces/nouns.ts'
import { startRequests } from '../approvals/start-requests.ts'
import type { PersonAtSlack, Seen } from '../people.ts'
import { startBot } from '../start-bot.ts'

const waiting = { timeout: 30_000, interval: 30 }

// For what only looks.
const shared = await startBot({ until: afterAll })

/** The lines that a reader sees; rows of buttons and the select are one each. */
function linesOf({ blocks }: Seen): number {
  return blocks.reduce((sum, block) => sum + (block.text?.text.split('\n').length ?? 1), 0)
}

/** What the select offers to who types so far. */
async function palette(person: PersonAtSlack, seen: Seen, query = '') {
  const { options } = await person.post('options', { channel: 'general', ts: seen.ts, field: 'home:open#palette', query })
  return (options as { text: string }[]).map(({ text }) => text).join('\n')
}

test('/quay says who alice is and what she does often, in at most twelve lines, with every command behind one select', async () => {
  const { alice } = await startBot()
  await alice.types('/quay repo list acme')
  const seen = await alice.types('/quay')
  expect(seen.text).toBe('You are *alice* in Quay. Commands run with your own permissions.')
  expect(linesOf(seen)).toBeLessThanOrEqual(12)
  expect(JSON.stringify(seen.blocks)).toContain('Recent commands: `/quay repo list acme`')
  expect(await palette(alice, seen)).toContain('repo create – ')
  expect(await palette(alice, seen)).not.toContain('user create')
  expect((await palette(alice, seen, 'robot rot')).split('\n')).toEqual([expect.stringMatching(/^robot rotate – /)])
})

test('what is chosen in the select opens the modal of that command', async () => {
  const { alice } = shared
  const seen = await alice.types('/quay')
  const known = (await alice.windows()).length
  expect(
    await alice.post('press', { channel: 'general', ts: seen.ts, action_id: 'home:open#palette', value: 'repo create' }),
  ).toMatchObject({ ok: true })
  await expect.poll(async () => (await alice.windows()).length, waiting).toBe(known + 1)
})

test('dora, a superuser, finds her commands; what waits for her decision comes with a button', async () => {
  const { alice, dora, asks, notice } = await startRequests()
  await asks(alice, 'globex/web')
  await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./)
  const seen = await dora.types('/quay')
  expect(seen.text).toContain('a superuser')
  expect(await palette(dora, seen, 'user create')).toContain('user create – ')
  expect(JSON.stringify(seen.blocks)).toContain('request needs your approval.')
  expect((await dora.presses('Show', seen)).text).toContain('Requests that need your approval (newest first)')
})

test('what the channel follows is said there', async () => {
  const { bea } = await startBot({ subscribed: true })
  expect(JSON.stringify((await bea.types('/quay', 'acme-dev')).blocks)).toMatch(/This channel is subscribed to `acme/)
})

test('grace has no account: she is told first, and asks the operators, once a day', async () => {
  const { dora, grace } = await startBot()
  const seen = await grace.types('/quay')
  expect(seen.text).toContain('Quaymaster works on your Quay registry with your own permissions. You are not linked to a Quay user yet.')
  expect((await grace.presses('Request linking', seen)).text).toContain('Request sent to the operators in <#C0APPROVALS>')
  const asked = await dora.finds(
    / requests to be linked to a Quay user\. Add .* under .* in the policy, or set the user’s e-mail address in Quay to the one that .* has in Slack\./,
    'quay-approvals',
  )
  expect(asked.text).toContain('U0GRACE: ')
  expect(asked.text).not.toContain('<@')
  await grace.press('Request linking', seen)
  await grace.types('/quay whoami')
  expect(
    (await dora.sees('quay-approvals')).filter(({ text }) =>
      / requests to be linked to a Quay user\. Add .* under .* in the policy, or set the user’s e-mail address in Quay to the one that .* has in Slack\./.test(
        text,
      ),
    ).length,
  ).toBe(1)
})

test('a policy without a channel for operators draws no button', async () => {
  const { bot, grace } = await startBot()
  bot.policy.operators = undefined
  expect(JSON.stringify((await grace.types('/quay')).blocks)).not.toContain('contact:link')
})

test('a guest sees nothing of it', async () => {
  const { eve } = shared
  const { text } = await eve.types('/quay')
  expect(text).not.toContain('Commands run')
})

test('/quay help all has one line for each noun, in groups', async () => {
  const { alice } = shared
  const text = JSON.stringify((await alice.types('/quay help all')).blocks)
  expect(text).toMatch(/`\/quay repo` [^`]*create[^`]*list/)
  expect(text).toContain('*Housekeeping*')
})

test('every noun has a place in the help', async () => {
  await loadCommands()
  const placed = new Set(nounGroups.flatMap(({ nouns }) => nouns))
  const nouns = nounsOf([...commands.keys()]).map(([noun]) => noun)
  expect(nouns.filter((noun) => !placed.has(noun) && noun !== 'help')).toEqual([])
})
