import { expect, test } from 'vitest'
import { buttons, message, section } from '../../src/slack/blocks.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'

/** A message with a button and a select that open objects, as a row of a list has them. */
async function withRows(words: string[]) {
  const started = await startBot()
  const { bot, alice } = started
  const option = (word: string) => ({ text: { type: 'plain_text' as const, text: `Open ${word}` }, value: word })
  const { text, blocks } = message('Rows', buttons(...words.map((word) => ({ action: 'object:open', label: `Open ${word}`, value: word }))))
  const select = section('Or', { type: 'static_select', action_id: 'object:open', options: words.map(option) })
  await bot.slack.cards.chat.postMessage({ channel: 'C0GENERAL', text, blocks: [...blocks, select] })
  return { ...started, rows: await alice.finds(/Rows/, 'general') }
}

test('a button whose value is the word of an object opens it for whoever pressed, and the message stays', async () => {
  const { alice, bea, rows } = await withRows(['acme/api', 'acme', 'status'])
  const shown = await alice.presses('Open acme/api', rows)
  expect(shown.ephemeral).toBe(true)
  expect(shown.text).toContain('acme/api')
  expect((await bea.sees('general')).map(({ ts }) => ts)).not.toContain(shown.ts)
  expect((await alice.sees('general')).map(({ ts }) => ts)).toContain(rows.ts)
  expect((await alice.presses('Open acme', rows)).text).toContain('Organization')
})

test.runIf(isCi)('a select’s choice opens the object too', async () => {
  const { alice, rows } = await withRows(['acme/api', 'acme'])
  expect(await alice.post('press', { channel: 'general', ts: rows.ts, action_id: 'object:open', value: 'acme/api' })).toMatchObject({
    ok: true,
  })
  expect((await alice.finds(/Repository/, 'general')).text).toContain('acme/api')
})

test('the word of an object is an object there, even if it is the name of a command', async () => {
  const { alice, rows } = await withRows(['status'])
  expect((await alice.presses('Open status', rows)).text).toBe('Organization status not found.')
})

test('what is pressed is checked anew: grace, who is not linked, and a guest are refused', async () => {
  const { grace, eve, rows } = await withRows(['acme/api'])
  expect((await grace.presses('Open acme/api', rows)).text).toMatch(/No Quay user has your e-mail address/)
  expect((await eve.presses('Open acme/api', rows)).text).not.toContain('Repository')
})

test('a user, whom only superusers see, is refused with what can be done with the name', async () => {
  const { alice, dora, rows } = await withRows(['@carl'])
  const refused = await alice.presses('Open @carl', rows)
  expect(refused.text).toBe('You need to be a *superuser* of Quay.')
  expect((await alice.pressesToOpen('Grant permission', refused)).fields).toMatchObject({ to: 'carl' })
  expect((await dora.presses('Open @carl', rows)).text).toBe('User `carl`')
})
