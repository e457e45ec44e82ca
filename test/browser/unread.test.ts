import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow } from './open-window.ts'
import { reads } from './seen.ts'

// Whoever tries the sandbox must not believe that they would be told where Slack tells nobody.

const bot = await startBot({ until: afterAll })
const browser = await openBrowser()

test('a new message marks its channel; an edit, an ephemeral reply and a thread of others do not', async () => {
  const { page, problems } = await openWindow(browser, bot.origin, { as: 'alice', in: 'general' })
  const entry = page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: /acme-dev/ })
  const mark = () => entry.innerText()
  const { ts } = (await bot.bea.post('say', { channel: 'acme-dev', text: 'Is anybody building?' })) as unknown as { ts: string }
  await reads(entry, /1/)
  await entry.click()
  await page
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('button', { name: /general/ })
    .click()
  await expect.poll(mark).not.toMatch(/\d/)
  await bot.carl.post('say', { channel: 'acme-dev', text: 'I am', thread_ts: ts })
  await bot.alice.post('slash', { channel: 'acme-dev', text: '/quay whoami' })
  await expect.poll(async () => (await bot.alice.sees('acme-dev')).some(({ ephemeral }) => ephemeral)).toBe(true)
  // A later message shows that the page has read all of these.
  await bot.carl.post('say', { channel: 'random', text: 'Later' })
  await reads(page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: /random/ }), /1/)
  expect(await mark()).not.toMatch(/\d/)
  expect(problems).toEqual([])
})

test('the bot answers a mention in a channel and a direct message, to the person alone', async () => {
  const { types, goes, newest, problems } = await openWindow(browser, bot.origin, { as: 'alice', in: 'acme-dev' })
  await types('@quaymaster tag list acme/api')
  await reads(newest, /Only visible to you[\s\S]*acme\/api|acme\/api[\s\S]*Only visible to you/)
  await goes('quaymaster')
  await types('whoami')
  await reads(newest, /alice/)
  expect(problems).toEqual([])
})
