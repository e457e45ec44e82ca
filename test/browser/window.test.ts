import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { call } from '../sandbox/slack/start-slack.ts'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow } from './open-window.ts'
import { overhang, reads, sees, violations } from './seen.ts'

const bot = await startBot({ until: afterAll })
const browser = await openBrowser()

test('a mention of the bot has its name, typed emoji are pictures, and the time of day is written one way only', async () => {
  const { page, messages, newest, problems } = await openWindow(browser, bot.origin, { as: 'alice' })
  expect(await page.getByRole('combobox', { name: 'You are' }).innerText()).not.toContain('quaymaster')
  const at = Math.floor(bot.clock.now() / 86_400_000) * 86_400 + 17 * 3600
  await asBot('chat.postMessage', { channel: 'C0GENERAL', text: `Ask <@U0QUAYBOT>, it is <!date^${at}^{time}|later>` })
  await reads(newest, /Ask @quaymaster, it is \d\d:\d\d\n/)
  const rich = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U0QUAYBOT' }] }] }
  await asBot('chat.postMessage', { channel: 'C0GENERAL', text: 'Rich', blocks: [rich] })
  await reads(newest, '@quaymaster')
  await bot.alice.post('say', { channel: 'general', text: ':smile: :+1: :thumbsup: :heart: at 10:30:00, :no_such_emoji: :tada: :x:' })
  await reads(newest, '😄 👍 👍 ❤️ at 10:30:00, :no_such_emoji: 🎉 ❌')
  expect(await messages.locator('header time').allInnerTexts()).toEqual(
    Array.from({ length: 3 }, () => expect.stringMatching(/^\d\d:\d\d$/)),
  )
  expect(problems).toEqual([])
})

test('today is the sandbox’s: when its clock is moved, what says today and tomorrow changes at once', async () => {
  const { page, messages, opens, problems } = await openWindow(browser, bot.origin, { as: 'alice', in: 'quay-approvals' })
  const moment = (ms: number) => `<!date^${Math.floor(ms / 1000)}^{date_short_pretty}|some day>`
  const now = bot.clock.now()
  const text = [now, now + 86_400_000].map(moment).join(' then ')
  await asBot('chat.postMessage', { channel: 'C0APPROVALS', text })
  const days = page.getByRole('log', { name: 'Messages' }).locator('.day')
  await reads(messages.first(), /today then tomorrow\n/)
  expect(await days.allInnerTexts()).toEqual(['Today'])
  await opens('Registry')
  await page.getByRole('button', { name: 'A day later' }).click()
  await reads(messages.first(), /yesterday then today\n/)
  expect(await days.allInnerTexts()).toEqual(['Yesterday'])
  expect(problems).toEqual([])
})

test('Tab closes a menu and goes on to what stands beside it, also behind dots and where nothing comes after', async () => {
  const { page, line, newest, problems } = await openWindow(browser, bot.origin, { as: 'alice', in: 'random' })
  const shortcuts = page.getByRole('button', { name: 'Shortcuts' })
  const menu = page.getByRole('menu')
  const focused = page.locator(':focus')
  await shortcuts.press('Enter')
  await sees(menu)
  await page.keyboard.press('Tab')
  await menu.waitFor({ state: 'detached' })
  await line.fill('Something to send')
  await shortcuts.press('Enter')
  await sees(menu)
  await page.keyboard.press('Tab')
  await menu.waitFor({ state: 'detached' })
  await expect.poll(() => page.getByRole('button', { name: 'Send' }).and(focused).count()).toBe(1)

  const option = { text: { type: 'plain_text', text: 'Rename' }, value: 'rename' }
  const dots = { type: 'overflow', action_id: 'test:menu', options: [option] }
  await page.goto(`${bot.origin}/?as=alice&in=general&panel=`)
  await asBot('chat.postMessage', { channel: 'C0GENERAL', text: 'Choose', blocks: [{ type: 'actions', elements: [dots] }] })
  await newest.getByRole('button', { name: 'More' }).press('Enter')
  await sees(menu)
  await page.keyboard.press('Shift+Tab')
  await menu.waitFor({ state: 'detached' })
  expect(await newest.getByRole('button', { name: 'More' }).and(focused).count()).toBe(0)
  expect(problems).toEqual([])
})

test('the browser goes back over channels and people, and leaves the panel as it is', async () => {
  const { page, goes, opens, problems } = await openWindow(browser, bot.origin, { as: 'alice' })
  const title = (name: string) => sees(page.getByRole('heading', { name, exact: true }))
  const you = page.getByRole('combobox', { name: 'You are' })
  await goes('general')
  await goes('random')
  await title('#random')
  await opens('About')
  await you.selectOption('bea')
  await expect.poll(() => page.title()).toContain('bea')
  await goes('acme-dev')
  await title('#acme-dev')
  await page.goBack()
  await title('#random')
  await page.goBack()
  await expect.poll(() => you.inputValue()).toBe('alice')
  await page.goBack()
  await title('#general')
  await sees(page.getByRole('complementary', { name: 'About this sandbox' }))
  expect(page.url()).toContain('panel=about')
  await page.goForward()
  await title('#random')
  expect(problems).toEqual([])
})

test('an address that names nobody and no panel leads to somebody, and to the tour', async () => {
  const { page, problems } = await openWindow(browser, bot.origin, { as: 'nobody', panel: 'bogus' })
  await reads(page.getByRole('alert').filter({ hasText: 'nobody' }), 'There is nobody called nobody here. You are alice now.')
  expect(await page.getByRole('combobox', { name: 'You are' }).inputValue()).toBe('alice')
  await sees(page.getByRole('complementary', { name: 'Guided tour' }))
  expect(problems.filter((one) => !one.includes('404'))).toEqual([])
})

test('while the sandbox is away the page says so in words, also on a narrow screen, and App Home is drawn when it is back', async () => {
  const first = await startBot({ until: () => undefined })
  const { page } = await openWindow(browser, first.origin, { as: 'alice' })
  const home = page.getByRole('region', { name: 'Home', exact: true })
  const banner = page.getByRole('alert').filter({ hasText: 'Start it again with npm start.' })
  await page.getByRole('button', { name: 'Home of Quaymaster' }).click()
  await reads(home, /Create a repository/)
  await first.stop()
  await sees(banner)
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 360, height: 760 })
  await page.getByRole('button', { name: 'About', exact: true }).click()
  const below = (await page.getByRole('complementary', { name: 'About this sandbox' }).boundingBox())?.y ?? 0
  const bar = await banner.boundingBox()
  expect(below).toBeGreaterThanOrEqual((bar?.y ?? 0) + (bar?.height ?? 0))
  expect(await overhang(page)).toBe(0)
  await page.getByRole('button', { name: 'Close the panel' }).click()

  await startBot({ environment: { PORT: new URL(first.origin).port } })
  await banner.waitFor({ state: 'detached' })
  await reads(home, /Create a repository/)
})

test.each([
  ['360 pixels narrow', 360],
  ['as wide as at 200 % of 1280', 640],
])('%s, the focus never goes behind the open panel or the open drawer; Escape closes the drawer and gives it back', async (_, width) => {
  const { page, line, problems } = await openWindow(browser, bot.origin, { as: 'alice' })
  await page.setViewportSize({ width, height: 760 })
  const opener = page.getByRole('button', { name: 'Channels and people' })
  const list = page.getByRole('complementary', { name: 'Channels and people' })
  const focused = page.locator(':focus')

  await opener.press('Enter')
  await expect
    .poll(() =>
      list
        .getByRole('button', { name: /general/ })
        .and(focused)
        .count(),
    )
    .toBe(1)
  expect(await stops(page)).toEqual(['sidebar', 'top-bar'])
  expect(await violations(page)).toEqual([])
  // Where the last of those presses of Tab has led is of no matter.
  await list.getByRole('button', { name: /general/ }).focus()
  await page.keyboard.press('Escape')
  await expect.poll(() => opener.and(focused).count()).toBe(1)
  await list.waitFor({ state: 'hidden' })
  expect(await stops(page)).toEqual(['main', 'skip', 'top-bar'])

  await page.getByRole('button', { name: 'Registry', exact: true }).click()
  const panel = page.getByRole('complementary', { name: 'Registry' })
  await sees(panel.getByRole('button', { name: 'Start a build' }))
  expect(await stops(page)).toEqual(['panel', 'top-bar'])
  await opener.press('Enter')
  await sees(list)
  expect(await stops(page)).toEqual(['sidebar', 'top-bar'])
  await list.getByRole('button', { name: /random/ }).press('Enter')
  await list.waitFor({ state: 'hidden' })
  await panel.getByRole('button', { name: 'Close the panel' }).click()
  await line.fill('The conversation can be used again')
  expect(problems).toEqual([])
})

/** Where the focus goes when somebody presses Tab until they are round: the parts of the page by name. */
async function stops(page: Page) {
  const parts: string[] = []
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    const part = await page.evaluate<string>(
      "document.activeElement.closest('.skip, .top-bar, .sidebar, .panel, main')?.className.split(' ')[0] ?? ''",
    )
    parts.push(part || (await page.evaluate<string>("document.activeElement.closest('main') ? 'main' : ''")))
  }
  return [...new Set(parts)].filter((part) => part !== '').toSorted()
}

/** Calls Slack as a bot that uses more of it than ours. */
async function asBot(method: string, given: Record<string, unknown>) {
  expect((await call(bot, method, given)).body).toMatchObject({ ok: true })
}
