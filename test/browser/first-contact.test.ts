import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow, type Window } from './open-window.ts'
import { reads, sees, violations } from './seen.ts'

// What everybody sees who types /quay for the first time, and what they reach from there without typing a name twice.

const bot = await startBot({ until: afterAll })
const browser = await openBrowser()

/** Picks from a searchable select, in a message or a modal. */
async function picks(where: Window['newest'], label: RegExp, words: string, option: RegExp) {
  const select = where.getByRole('combobox', { name: label })
  await select.fill(words)
  await where.page().getByRole('listbox').getByRole('option', { name: option }).first().click()
}

/** Sends the modal off, reads its end, and closes it. */
async function sends({ modal, page }: Window, end: RegExp) {
  await modal.locator('[type=submit]').click()
  await reads(modal, end)
  await page.keyboard.press('Escape')
  await modal.waitFor({ state: 'detached' })
}

test('bea: from /quay to a repository, a permission and a build log; its name is typed once', async () => {
  const bea = await openWindow(browser, bot.origin, { as: 'bea' })
  const { modal } = bea
  const isFilled = () => expect.poll(() => modal.getByRole('combobox', { name: /^Repository/ }).inputValue()).toContain('acme/pay')
  await bea.types('/quay')
  await reads(bea.newest, /You are bea in Quay/)
  expect(await violations(bea.page)).toEqual([])
  await picks(bea.newest, /./, 'repo create', /^repo create/)
  await sees(modal.getByRole('combobox', { name: /^Repository/ }))
  await picks(modal, /^Repository/, 'acme/pay', /acme\/pay/)
  await sends(bea, /Created/)
  await bea.newest.getByRole('button', { name: 'Grant permission' }).click()
  await isFilled()
  await picks(modal, /^To|^User/, 'alice', /alice/)
  await modal.getByRole('radio', { name: /^write/i }).check()
  await sends(bea, /alice/)
  await bea.newest.getByRole('button', { name: 'Open acme/pay' }).click()
  await reads(bea.newest, /You have admin permission/)
  await bea.newest.getByRole('button', { name: 'Start build' }).click()
  await isFilled()
  await modal.getByRole('textbox', { name: /archive/i }).fill('https://downloads.example.com/pay.tar.gz')
  await sends(bea, /queued|Build/)
  await bea.newest.getByRole('button', { name: 'Show build logs' }).click()
  await reads(bea.newest, /Open acme\/pay#/)
  expect(bea.problems).toEqual([])
})

test('alice is refused, requests it with a press, and dora approves in her direct message', async () => {
  const alice = await openWindow(browser, bot.origin, { as: 'alice' })
  await alice.types('/quay')
  await picks(alice.newest, /./, 'repo create', /^repo create/)
  await picks(alice.modal, /^Repository/, 'labs/first', /labs\/first/)
  await sends(alice, /Request|permission|creator/)
  await alice.newest.getByRole('button', { name: 'Request' }).click()
  await alice.modal.getByRole('textbox').fill('For the first time')
  await alice.modal.locator('[type=submit]').click()
  await reads(alice.messages.filter({ hasText: 'Requested' }), /Requested: \/quay repo create labs\/first/)
  const bea = await openWindow(browser, bot.origin, { as: 'bea', in: 'quaymaster' })
  await bea.messages.filter({ hasText: 'For the first time' }).getByRole('button', { name: 'Approve' }).click()
  await expect.poll(() => bot.repository('labs/first')?.name).toBe('first')
  expect([...alice.problems, ...bea.problems]).toEqual([])
})

test('grace is not linked, and asks to be; eve, a guest, reads that nothing is for her; dora has what only superusers have', async () => {
  const grace = await openWindow(browser, bot.origin, { as: 'grace' })
  await grace.types('/quay')
  await grace.newest.getByRole('button', { name: 'Request linking' }).click()
  await reads(grace.newest, /Request sent to the operators/)
  const eve = await openWindow(browser, bot.origin, { as: 'eve' })
  await eve.types('/quay')
  await reads(eve.newest, /guest/i)
  const dora = await openWindow(browser, bot.origin, { as: 'dora' })
  await dora.types('/quay')
  await reads(dora.newest, /a superuser/)
  await picks(dora.newest, /./, 'user create', /^user create/)
  await sees(dora.modal.getByRole('button', { name: /Create/ }))
  expect([...grace.problems, ...eve.problems, ...dora.problems]).toEqual([])
})
