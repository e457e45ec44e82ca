import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow, type Window } from './open-window.ts'
import { picture } from './picture.ts'
import { reads, sees } from './seen.ts'

const bot = await startBot({ until: afterAll, subscribed: true })
const browser = await openBrowser()

const step = (window: Window, number: number) => reads(window.page.locator('.tour .progress'), `Step ${number} of 6`)

test('the guided tour, played by two people in two windows', async () => {
  const bea = await openWindow(browser, bot.origin, { as: 'bea', in: 'quay-approvals', panel: 'registry' })
  const alice = await openWindow(browser, bot.origin, { as: 'alice', panel: 'tour' })
  await step(alice, 1)
  await alice.page.getByRole('button', { name: 'Type it for me' }).click()
  await expect.poll(() => alice.line.inputValue()).toContain('/quay repo create labs/web')
  await alice.line.press('Enter')
  await reads(bea.newest, /alice requests approval for[\s\S]*The new front page[\s\S]*Needs 1 approval/)
  await step(alice, 2)

  const card = bea.newest
  await picture(bea, 'approval')
  await card.getByRole('button', { name: 'Approve' }).click()
  await reads(card, /approved by|created/i)
  expect(await card.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  expect(bot.repository('labs/web')).toBeDefined()
  await alice.goes('quaymaster')
  await reads(alice.newest, /labs\/web/)

  // Alice may see what bea decided in the channel of approvals; the tour finds it there.
  await step(alice, 3)
  // Old builds that are listed are none of the tour.
  await alice.goes('acme-dev')
  await alice.types('/quay build list acme/api')
  await reads(alice.newest, /succeeded[\s\S]*failed/)
  await step(alice, 3)
  await alice.page.getByRole('button', { name: 'Type it for me' }).click()
  await expect.poll(() => alice.line.inputValue()).toContain('fail.tar.gz')
  await alice.line.press('Enter')
  await ends(bea, 'Fail now')
  await reads(alice.page.getByRole('log', { name: 'Messages' }), /acme\/api: build failed/)
  // The end of the log in the thread comes by itself.
  await sees(alice.messages.getByRole('button', { name: '1 reply' }))
  await step(alice, 4)

  await alice.messages.getByRole('button', { name: 'Logs', exact: true }).first().click()
  await reads(alice.newest, /make test/)
  await step(alice, 5)

  await alice.page.getByRole('button', { name: 'Type it for me' }).click()
  await expect.poll(() => alice.line.inputValue()).toContain('api.tar.gz')
  await alice.line.press('Enter')
  await ends(bea, 'Finish now')
  await reads(alice.page.getByRole('log', { name: 'Messages' }), /acme\/api: build fixed/)
  await step(alice, 6)
  await picture(alice, 'build')

  const dora = await openWindow(browser, bot.origin, { as: 'dora', panel: 'tour' })
  await dora.page.getByRole('button', { name: 'Type it for me' }).click()
  await expect.poll(() => dora.line.inputValue()).toBe('/quay logs')
  await dora.line.press('Enter')
  await reads(dora.newest, /Usage logs of the registry/)
  await dora.newest.getByRole('button', { name: 'Older' }).click()
  await sees(dora.newest.getByRole('button', { name: 'Newer' }))
  await reads(dora.page.locator('.tour .progress'), 'All six steps are done.')
  await reads(dora.page.getByRole('region', { name: 'Connect your own' }), /manifest\.yml[\s\S]*QUAY_TOKEN[\s\S]*npm start/)

  // Again, and what was done before does not count.
  await dora.page.getByRole('button', { name: 'Start again' }).click()
  await step(dora, 1)
  await step(alice, 1)
  await dora.page.reload()
  await step(dora, 1)
  await alice.page.getByRole('button', { name: 'Type it for me' }).click()
  await expect.poll(() => alice.line.inputValue()).toContain('/quay repo create labs/web-2 ')
  await alice.line.press('Enter')
  await step(dora, 2)
  await bea.newest.getByRole('button', { name: 'Approve' }).click()
  await step(dora, 3)
  // A sandbox that has forgotten everything has done none of it. Cards that are still being drawn would come again.
  await reads(bea.newest, /labs\/web-2[\s\S]*and done/)
  await expect.poll(async () => JSON.stringify((await bot.alice.sees('alice')).at(-1))).toMatch(/Approved by[\s\S]*labs\/web-2/)
  await bot.alice.post('reset', {})
  await step(alice, 1)
  expect([...alice.problems, ...bea.problems, ...dora.problems]).toEqual([])
  // Two builds and two tours take most of a minute already.
}, 120_000)

test('the tour writes a line for somebody else also when it takes long to become them', async () => {
  const { page, line, problems } = await openWindow(browser, bot.origin, { as: 'bea', in: 'random', panel: 'tour' })
  await page.route(/_control\/screen\?user=alice$/, async (route) => {
    await setTimeout(500)
    await route.continue()
  })
  await page.getByRole('button', { name: 'Become alice and type it' }).click()
  await sees(page.getByText('Loading…'))
  await sees(page.getByRole('heading', { name: '#general' }))
  await expect.poll(() => line.inputValue()).toContain('/quay repo create labs/web')
  await expect.poll(() => line.and(page.locator(':focus')).count()).toBe(1)
  expect(problems).toEqual([])
})

/** Lets the running build hurry to its end, by a button of the Registry panel. */
async function ends({ page }: Window, how: 'Finish now' | 'Fail now') {
  const hurry = page.getByRole('button', { name: how })
  await hurry.click()
  await hurry.waitFor({ state: 'detached' })
}
