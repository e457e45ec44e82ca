import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow } from './open-window.ts'
import { reads, sees } from './seen.ts'

const bot = await startBot({ until: afterAll })
const browser = await openBrowser()

test('what was begun stays where it was begun: by person, channel and thread, and over a reload', async () => {
  const { page, line, types, goes, newest, problems } = await openWindow(browser, bot.origin, { as: 'alice', in: 'general' })
  const reply = page.getByRole('combobox', { name: 'Reply' })
  const be = (name: string) => page.getByRole('combobox', { name: 'You are' }).selectOption(name)
  const holds = (text: string) => expect.poll(() => line.inputValue()).toBe(text)
  await types('Who is in?')
  await reads(newest, 'Who is in?')
  await newest.hover()
  await newest.getByRole('button', { name: 'Reply in thread' }).click()
  await reply.fill('I am, as soon as')
  await line.fill('/quay repo create acme/half')

  await goes('acme-dev')
  await sees(page.getByRole('heading', { name: '#acme-dev' }))
  await holds('')
  await line.fill('Another half')
  await be('bea')
  await sees(page.getByText('Direct messages with the bot').or(page.getByRole('heading', { name: '#acme-dev' })))
  await holds('')
  await be('alice')
  await holds('Another half')
  await goes('general')
  await holds('/quay repo create acme/half')
  await newest.hover()
  await newest.getByRole('button', { name: 'Reply in thread' }).click()
  expect(await reply.inputValue()).toBe('I am, as soon as')
  await page.reload()
  await holds('/quay repo create acme/half')

  await types('Sent')
  await reads(newest, 'Sent')
  await holds('')
  expect(problems).toEqual([])
})

test('what could not be sent stands in the line again, beside the reason', async () => {
  const { page, line, types, newest } = await openWindow(browser, bot.origin, { as: 'alice', in: 'acme-dev' })
  const reason = page.locator('.composer').getByRole('alert')
  await page.route(/_control\/(say|slash)$/, (route) => route.abort())
  for (const text of ['Long thought about', '/quay repo list acme']) {
    await types(text)
    await reads(reason, 'The sandbox does not answer. Is it still running?')
    expect(await line.inputValue()).toBe(text)
  }
  await page.unroute(/_control\/(say|slash)$/)
  await line.press('Enter')
  await reads(newest, /acme\/api/)
  expect(await line.inputValue()).toBe('')
  expect(await reason.count()).toBe(0)
})

test('what Slack’s client does not send is refused in words, and kept', async () => {
  const { page, line, types, problems } = await openWindow(browser, bot.origin, { as: 'alice', in: 'random' })
  const reason = page.locator('.composer').getByRole('alert')
  const before = bot.slack.traffic.length
  await types('a'.repeat(45_000))
  await reads(reason, 'Your message has 45,000 characters; Slack sends 12,000 at most.')
  expect((await line.inputValue()).length).toBe(45_000)
  await types('/')
  await reads(reason, '/ is not a valid command.')
  expect(await line.inputValue()).toBe('/')
  expect(bot.slack.traffic.length).toBe(before)
  expect(bot.slack.workspace.messages.filter(({ channel }) => channel === 'C0RANDOM')).toEqual([])
  expect(problems).toEqual([])
})

test('Escape closes the suggestions until something else is typed', async () => {
  const { page, line, problems } = await openWindow(browser, bot.origin, { as: 'bea', in: 'general' })
  const suggestions = page.getByRole('listbox', { name: 'Commands' })
  for (const keys of [[], ['ArrowDown']]) {
    await line.fill('/q')
    await sees(suggestions)
    for (const key of keys) await line.press(key)
    await line.press('Escape')
    await suggestions.waitFor({ state: 'detached' })
    expect(await line.inputValue()).toBe('/q')
    await line.pressSequentially('u')
    await reads(suggestions, '/quay')
  }
  expect(problems).toEqual([])
})

test('a thread that closes gives the focus back to what opened it', async () => {
  const { page, types, newest, problems } = await openWindow(browser, bot.origin, { as: 'bea', in: 'general' })
  await types('Look at this')
  await reads(newest, 'Look at this')
  const opener = newest.getByRole('button', { name: 'Reply in thread' })
  const thread = page.getByRole('region', { name: 'Thread' })
  const closes = [
    () => page.getByRole('button', { name: 'Close the thread' }).click(),
    () => page.getByRole('combobox', { name: 'Reply' }).press('Escape'),
  ]
  for (const close of closes) {
    await opener.press('Enter')
    await sees(thread)
    await close()
    await thread.waitFor({ state: 'detached' })
    await expect.poll(() => opener.and(page.locator(':focus')).count()).toBe(1)
  }
  // Whoever goes somewhere else while it is open stays there.
  await opener.press('Enter')
  await sees(thread)
  const entry = page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: 'random' })
  await entry.click()
  await thread.waitFor({ state: 'detached' })
  expect(await entry.and(page.locator(':focus')).count()).toBe(1)
  expect(problems).toEqual([])
})
