import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow } from './open-window.ts'
import { overhang, reads, sees, violations } from './seen.ts'

const bot = await startBot({ until: afterAll })
const browser = await openBrowser()

test('two windows see each other’s messages at once; threads, ephemeral replies and unread marks are where Slack has them', async () => {
  const alice = await openWindow(browser, bot.origin, { as: 'alice', in: 'acme-dev' })
  const bea = await openWindow(browser, bot.origin, { as: 'bea', in: 'random' })
  await alice.types('Who has time for *acme/api*? <!here> at 10:30:00')
  const entry = bea.page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: 'acme-dev' })
  await reads(entry, /1\s+unread/)
  await entry.click()
  await reads(bea.newest, 'Who has time for acme/api? <!here> at 10:30:00')
  // What was typed is text: nobody is called by it.
  expect(await bea.newest.locator('.mention').count()).toBe(0)
  expect(await entry.innerText()).not.toMatch('unread')

  await bea.newest.hover()
  await bea.newest.getByRole('button', { name: 'Reply in thread' }).click()
  await bea.page.getByRole('combobox', { name: 'Reply' }).fill('I have.')
  await bea.page.keyboard.press('Enter')
  await alice.newest.getByRole('button', { name: '1 reply' }).click()
  await reads(alice.page.getByRole('log', { name: 'Replies' }), 'I have.')

  await alice.types('/quay whoami')
  await reads(alice.newest, /Only visible to you/)
  expect(await bea.messages.count()).toBe(1)
  expect([...alice.problems, ...bea.problems]).toEqual([])
})

test('by keyboard alone: a command, its modal, a live menu, errors under fields, more options, Escape, and the focus back', async () => {
  const { page, line, modal, newest, problems } = await openWindow(browser, bot.origin, { as: 'alice' })
  const keys = page.keyboard
  await line.focus()
  await keys.type('/qu')
  await keys.press('Tab')
  expect(await line.inputValue()).toBe('/quay ')
  // Slack completes nothing behind a slash command.
  await keys.type('repo cre')
  expect(await page.getByRole('listbox', { name: 'Commands' }).count()).toBe(0)
  await keys.type('ate')
  await keys.press('Enter')
  const repository = modal.getByRole('combobox', { name: /^Repository/ })
  await sees(repository)
  await expect.poll(() => repository.and(page.locator(':focus')).count()).toBe(1)

  await modal.getByRole('button', { name: 'Create' }).press('Enter')
  await sees(modal.locator('.error').first())
  await expect.poll(() => repository.getAttribute('aria-invalid')).toBe('true')
  await repository.focus()
  await keys.type('acme/by-keyboard')
  await sees(modal.getByRole('option', { name: /acme\/by-keyboard/ }))
  await keys.press('Enter')
  await expect.poll(() => repository.inputValue()).toContain('acme/by-keyboard')
  await modal.getByRole('button', { name: 'More options' }).press('Enter')
  await sees(modal.getByRole('combobox', { name: /admins/i }))
  expect(await repository.inputValue()).toContain('acme/by-keyboard')
  await modal.getByRole('button', { name: 'Create' }).press('Enter')
  await expect.poll(() => bot.repository('acme/by-keyboard')?.visibility).toBe('private')
  await reads(newest, /acme\/by-keyboard|Repository/)
  await keys.press('Escape')
  await modal.waitFor({ state: 'detached' })
  await expect.poll(() => line.and(page.locator(':focus')).count()).toBe(1)
  expect(problems).toEqual([])
})

test('a date is picked in the browser’s own calendar', async () => {
  const { page, types, modal, problems } = await openWindow(browser, bot.origin, { as: 'bea' })
  await types('/quay logs export namespace')
  const date = modal.locator('input[type=date]').first()
  await date.fill('2026-01-31')
  expect(await date.inputValue()).toBe('2026-01-31')
  await page.keyboard.press('Escape')
  await modal.waitFor({ state: 'detached' })
  expect(problems).toEqual([])
})

test('the traffic panel shows envelopes with their acknowledgement, calls of both sides, and no credential', async () => {
  const { page, types, problems } = await openWindow(browser, bot.origin, { as: 'alice', panel: 'traffic' })
  await types('/quay repo list acme')
  const panel = page.getByRole('complementary', { name: 'Traffic' })
  await reads(panel, /slack → bot[\s\S]*acknowledged · \d+ ms/)
  await reads(panel, /bot → quay[\s\S]*GET \/api\/v1/)
  await panel.getByRole('button', { name: 'Pause' }).click()
  for (const envelope of ['slack → bot', 'bot → slack', 'bot → quay']) {
    await panel.locator('summary', { hasText: envelope }).first().click()
  }
  await expect.poll(() => panel.getByRole('heading', { name: 'Request' }).count()).toBe(3)
  const shown = await page.locator('body').innerText()
  const recorded = await (await fetch(`${bot.origin}/_control/traffic?limit=1000`)).text()
  for (const secret of [...Object.values(bot.slack.tokens), bot.bot.quay.token.reveal()]) {
    expect(shown).not.toContain(secret)
    expect(recorded).not.toContain(secret)
  }
  expect(problems).toEqual([])
})

test('a fault that is switched on stays on whatever panel is open, the bot says so in words, and goes on when Quay works normally', async () => {
  const { page, types, opens, newest, problems } = await openWindow(browser, bot.origin, { as: 'alice', panel: 'registry' })
  const fault = page.getByRole('combobox', { name: 'Quay fault' })
  await fault.selectOption('Quay answers 503')
  await types('/quay repo list globex')
  await reads(newest, /Quay does not answer|Quay is not available|Quay cannot be reached/)
  await opens('Traffic')
  await reads(page.getByRole('complementary', { name: 'Traffic' }), /503/)
  await opens('Registry')
  await expect.poll(() => fault.inputValue()).toBe('Quay answers 503')
  await fetch(`${bot.origin}/_control/quay/faults`, { method: 'POST', body: JSON.stringify({ status: 500 }) })
  await expect.poll(() => fault.inputValue()).toBe('A fault that was set with curl')
  await fault.selectOption('Quay works normally')
  await types('/quay repo list acme')
  await reads(newest, /acme\/api/)
  expect(problems).toEqual([])
})

test.each(['light', 'dark'] as const)(
  '%s, wide and 360 pixels narrow: nothing sticks out, and axe finds nothing serious',
  async (scheme) => {
    const { page, types, modal, newest, problems } = await openWindow(browser, bot.origin, { as: 'dora', in: 'quay-approvals' })
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const found: Record<string, string[] | number> = {}
    const look = async (state: string) => {
      found[state] = await violations(page)
      found[`${state}, too wide`] = await overhang(page)
    }
    const visit = async (width: number) => {
      await page.setViewportSize({ width, height: 760 })
      for (const panel of ['tour', 'registry', 'traffic', 'about']) {
        await page.goto(`${bot.origin}/?as=dora&in=quay-approvals&panel=${panel}`)
        await sees(page.locator('.panel-body p').first())
        await look(`${panel} at ${width}`)
      }
      await page.goto(`${bot.origin}/?as=dora&in=home&panel=`)
      await sees(page.getByRole('region', { name: 'Home', exact: true }))
      await look(`home at ${width}`)
      await page.goto(`${bot.origin}/?as=dora&in=general&panel=`)
      await types('/quay logs')
      await reads(newest, 'Usage logs of the registry')
      await look(`conversation at ${width}`)
      await types('/quay repo create')
      await sees(modal.getByRole('combobox'))
      await look(`modal at ${width}`)
      await page.keyboard.press('Escape')
      await modal.waitFor({ state: 'detached' })
    }
    await visit(1280)
    await visit(360)
    const empty = Object.keys(found).map((state) => [state, state.endsWith('too wide') ? 0 : []])
    expect(found).toEqual(Object.fromEntries(empty))
    expect(problems).toEqual([])
  },
)
