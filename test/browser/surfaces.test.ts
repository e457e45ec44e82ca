import { readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { call } from '../sandbox/slack/start-slack.ts'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow } from './open-window.ts'
import { reads, sees, violations } from './seen.ts'

const bot = await startBot({ until: afterAll })
const browser = await openBrowser()

test('what destroys asks once more: Cancel and Escape leave everything as it is, Approve counts, at once in both windows', async () => {
  const bea = await openWindow(browser, bot.origin, { as: 'bea', in: 'quay-approvals' })
  const carl = await openWindow(browser, bot.origin, { as: 'carl', in: 'quay-approvals' })
  await bea.types('/quay repo delete acme/shop reason="Nobody sells here"')
  await reads(carl.newest, /Nobody sells here[\s\S]*0 of 2 approvals/)
  const dialog = carl.modal
  const card = carl.messages.filter({ hasText: 'Nobody sells here' })
  const before = await card.innerText()

  await card.getByRole('button', { name: 'Approve' }).click()
  await reads(dialog, /Approve this request\?[\s\S]*Quay can’t restore/)
  expect(await violations(carl.page)).toEqual([])
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
  await card.getByRole('button', { name: 'Approve' }).press('Enter')
  await sees(dialog)
  await carl.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await card.getByRole('button', { name: 'Approve' }).and(carl.page.locator(':focus')).count()).toBe(1)
  expect(await card.innerText()).toBe(before)

  await card.getByRole('button', { name: 'Approve' }).click()
  await dialog.getByRole('button', { name: 'Approve' }).click()
  await reads(card, /1 of 2 approvals/)
  await reads(bea.messages.filter({ hasText: 'Nobody sells here' }), /1 of 2 approvals[\s\S]*edited/)
  expect(bot.repository('acme/shop')).toBeDefined()
  expect([...bea.problems, ...carl.problems]).toEqual([])
})

test('bea denies with a reason: the modal wants one, alice reads it in her direct message, marked unread until she does', async () => {
  const alice = await openWindow(browser, bot.origin, { as: 'alice' })
  const bea = await openWindow(browser, bot.origin, { as: 'bea', in: 'quay-approvals' })
  await alice.types('/quay repo create labs/denied reason="Just to see"')
  const card = bea.messages.filter({ hasText: 'Just to see' })
  await card.getByRole('button', { name: 'Deny' }).click()
  const reason = bea.modal.getByRole('textbox')
  await sees(reason)
  expect(await reason.evaluate(({ nodeName }) => nodeName)).toBe('TEXTAREA')
  await bea.modal.locator('[type=submit]').click()
  await reads(bea.modal.locator('.wrong .error'), /required|Say why/)
  expect(await reason.getAttribute('aria-invalid')).toBe('true')
  expect(await violations(bea.page)).toEqual([])
  await reason.fill('Use labs/sandbox.')
  await reason.press('Enter')
  await bea.page.keyboard.insertText('It is there for this.')
  await bea.modal.locator('[type=submit]').click()
  await reads(bea.modal, /Denied/)
  await bea.page.keyboard.press('Escape')
  await reads(card, /denied/i)
  await card.getByRole('button', { name: /repl/ }).click()
  await reads(bea.page.getByRole('log', { name: 'Replies' }), /Use labs\/sandbox\.\nIt is there for this\./)

  const direct = alice.page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: 'quaymaster' }).first()
  // The card itself, and the message that it was denied; the edit of the card notifies nobody.
  await reads(direct, /2\s+unread/)
  await direct.click()
  await reads(alice.newest, /Denied by bea[\s\S]*labs\/denied[\s\S]*Use labs\/sandbox/i)
  expect(await direct.innerText()).not.toContain('unread')
  expect(bot.repository('labs/denied')).toBeUndefined()
  expect([...alice.problems, ...bea.problems]).toEqual([])
})

test('a file that the bot sends is looked into and downloaded in the page', async () => {
  const alice = await openWindow(browser, bot.origin, { as: 'alice' })
  await alice.types('/quay build logs acme/api whole=yes')
  await reads(alice.newest, /The full log is sent as a file/)
  await alice.goes('quaymaster')
  const file = alice.page.locator('.file').last()
  await reads(file, /build-[\w-]+\.log/)
  await file.getByRole('button', { name: 'Preview' }).click()
  await reads(file.locator('pre'), /Step 1/)
  const [download] = await Promise.all([alice.page.waitForEvent('download'), file.getByRole('link', { name: 'Download' }).click()])
  expect(download.suggestedFilename()).toMatch(/^build-.*\.log$/)
  expect(await readFile(await download.path(), 'utf8')).toContain('Step 1')
  expect(alice.problems).toEqual([])
})

test('App Home is each person’s own; its buttons work; its link leads to the card, and a guest is refused in words', async () => {
  const { page, types, goes, newest, modal, messages, problems } = await openWindow(browser, bot.origin, { as: 'alice' })
  const home = page.getByRole('region', { name: 'Home', exact: true })
  const be = (name: string) => page.getByRole('combobox', { name: 'You are' }).selectOption(name)
  await types('/quay repo create labs/home reason="For the front door"')
  await reads(newest, /sent to/)
  await newest.getByRole('button', { name: '#quay-approvals' }).click()
  await sees(page.getByRole('heading', { name: '#quay-approvals' }))
  await page.getByRole('button', { name: 'Home of Quaymaster' }).click()
  await reads(home, /Your requests[\s\S]*\/quay repo create labs\/home/)
  await home.getByRole('button', { name: 'Show', exact: true }).first().click()
  await reads(modal, /For the front door/)
  await page.keyboard.press('Escape')
  await home.getByRole('button', { name: 'Create a repository' }).click()
  await sees(modal.getByRole('combobox', { name: /^Repository/ }))
  await page.keyboard.press('Escape')
  await modal.waitFor({ state: 'detached' })

  await be('dora')
  await reads(home, /Needs your approval[\s\S]*alice requests approval for \/quay repo create labs\/home/)
  expect(await violations(page)).toEqual([])
  await home.getByRole('link', { name: 'Open the card' }).first().click()
  await sees(page.getByRole('heading', { name: '#quay-approvals' }))
  await reads(page.locator('article:focus'), /For the front door/)

  // It is drawn anew behind the button that has the focus.
  const button = home.getByRole('button', { name: 'Create a repository' })
  await page.getByRole('button', { name: 'Home of Quaymaster' }).click()
  await button.focus()
  await bot.alice.types('/quay repo create labs/behind reason="Behind the home"')
  await reads(home, /labs\/behind/)
  expect(await button.and(page.locator(':focus')).count()).toBe(1)
  await goes('quay-approvals')

  await be('eve')
  await types('/quay repo list acme')
  await reads(newest, /Only visible to you[\s\S]*guest/i)
  expect(await messages.filter({ hasText: 'acme/api' }).count()).toBe(0)
  expect(problems).toEqual([])
})

test('what Slack has and this bot does not use yet works too: a menu behind dots, and modals on top of each other', async () => {
  const { page, modal, newest, problems } = await openWindow(browser, bot.origin, { as: 'alice' })
  await asBot('chat.postMessage', { channel: 'C0GENERAL', text: 'Choose', blocks: [{ type: 'actions', elements: [overflow] }] })
  await newest.getByRole('button', { name: 'More' }).click()
  const menu = await page.getByRole('menu').boundingBox()
  const messages = await page.getByRole('log', { name: 'Messages' }).boundingBox()
  expect(menu?.x).toBeGreaterThan(messages?.x ?? 0)
  await page.getByRole('menuitem', { name: 'Rename' }).press('ArrowDown')
  await page.keyboard.press('Enter')
  // The press reaches the sandbox after the key is let go.
  await expect.poll(() => pressed().actions).toMatchObject([{ type: 'overflow', selected_option: { value: 'remove' } }])
  const { trigger_id } = pressed()

  await asBot('views.open', { trigger_id, view: view('First', [note, { type: 'actions', elements: [button] }]) })
  await modal.getByRole('textbox').fill('two\nlines')
  await modal.getByRole('button', { name: 'Deeper' }).click()
  await expect.poll(() => pressed().actions).toMatchObject([{ action_id: 'test:deeper' }])
  await asBot('views.push', { trigger_id: pressed().trigger_id, view: view('Second', [{ type: 'divider' }]) })
  await reads(modal, /Second[\s\S]*2 open/)
  await modal.getByRole('button', { name: 'Back' }).click()
  await reads(modal, /First/)
  // What was typed below is still there, and both go at once by the cross.
  expect(await modal.getByRole('textbox').inputValue()).toBe('two\nlines')
  await modal.getByRole('button', { name: 'Close' }).click()
  await modal.waitFor({ state: 'detached' })
  expect(problems).toEqual([])
})

test('a robot’s token stands in its modal in every form, each in a field of its own; Done deletes it', async () => {
  const { page, types, modal, messages, problems } = await openWindow(browser, bot.origin, { as: 'bea', in: 'acme-dev' })
  await types('/quay robot create acme+shown')
  await page
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('button', { name: /quaymaster/ })
    .click()
  await messages.getByRole('button', { name: 'Reveal' }).last().click()
  const token = modal.getByRole('textbox', { name: 'Token' })
  const podman = modal.getByRole('textbox', { name: /Podman/ })
  await expect.poll(() => token.inputValue()).toMatch(/^[A-Z0-9]{64}$/)
  expect(await podman.inputValue()).toContain(`-u='acme+shown'`)
  expect(await violations(page)).toEqual([])
  // Typed over in one form it stays in the others.
  const before = await podman.inputValue()
  await token.fill('typed over')
  expect(await podman.inputValue()).toBe(before)
  await page.keyboard.press('Escape')
  await modal.waitFor({ state: 'detached' })
  expect(problems).toEqual([])
})

test('the focus stays where it is while the bot draws a message anew; where that is gone, the message has it', async () => {
  const { page, types, newest, messages, problems } = await openWindow(browser, bot.origin, { as: 'dora', in: 'quay-approvals' })
  const focused = page.locator(':focus')
  await types('/quay logs')
  await newest.getByRole('button', { name: 'Older' }).press('Enter')
  await sees(newest.getByRole('button', { name: 'Newer' }))
  expect(await focused.innerText()).toBe('Older')
  const alice = await openWindow(browser, bot.origin, { as: 'alice', in: 'acme-dev' })
  await alice.types('/quay repo create globex/focus reason="For the keyboard"')
  await page.bringToFront()
  const card = messages.filter({ hasText: 'For the keyboard' })
  await card.getByRole('button', { name: 'Approve' }).press('Enter')
  await reads(card, /approved/i)
  await reads(focused, /For the keyboard/)
  expect([...problems, ...alice.problems]).toEqual([])
})

test('what goes wrong while a modal is open is said in it', async () => {
  const { page, types, modal } = await openWindow(browser, bot.origin, { as: 'bea', in: 'general' })
  await types('/quay org create')
  await sees(modal.getByRole('textbox').first())
  await modal.getByRole('textbox').first().fill('unreachable')
  await page.route('**/_control/submit', (route) => route.abort())
  await modal.locator('button[type=submit]').click()
  await reads(modal.getByRole('alert'), 'The sandbox does not answer.')
  await page.unroute('**/_control/submit')
})

// The last one: it moves the clock.
test('a day stands between the messages of one and of another; a link leads back to a message as often as it is followed', async () => {
  const { page, types, newest, messages, problems } = await openWindow(browser, bot.origin, { as: 'alice', in: 'general' })
  await types('The first of a long day')
  const first = messages.filter({ hasText: 'The first of a long day' })
  await sees(first)
  const days = page.getByRole('log', { name: 'Messages' }).locator('.day')
  expect(await days.allInnerTexts()).toEqual(['Today'])
  for (let index = 0; index < 15; index += 1) await asBot('chat.postMessage', { channel: 'C0GENERAL', text: `Line ${index}` })
  await bot.clock.advance(2 * 86_400_000)
  const ts = String(await first.getAttribute('data-ts')).replace('.', '')
  await asBot('chat.postMessage', {
    channel: 'C0GENERAL',
    text: `<https://quaymaster-sandbox.slack.com/archives/C0GENERAL/p${ts}|where it began>`,
  })
  // The sandbox's own today: two days on, what was written today has a date.
  const written = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' }).format(Date.now())
  await expect.poll(() => days.allInnerTexts()).toEqual([written, 'Today'])
  for (const _ of ['once', 'again']) {
    await newest.getByRole('link', { name: 'where it began' }).click()
    await reads(page.locator('article:focus'), /The first of a long day/)
    await expect.poll(() => first.boundingBox().then((box) => box?.y)).toBeGreaterThan(0)
    await page.getByRole('log', { name: 'Messages' }).press('End')
    await page.getByRole('combobox', { name: /^Message to/ }).focus()
  }
  expect(await violations(page)).toEqual([])
  expect(problems).toEqual([])
})

const text = (words: string) => ({ type: 'plain_text', text: words })
const option = (words: string) => ({ text: text(words), value: words.toLowerCase() })
const overflow = { type: 'overflow', action_id: 'test:menu', options: [option('Rename'), option('Remove')] }
const button = { type: 'button', action_id: 'test:deeper', text: text('Deeper') }
const note = {
  type: 'input',
  block_id: 'note',
  label: text('Note'),
  element: { type: 'plain_text_input', action_id: 'note', multiline: true },
}
const view = (title: string, blocks: object[]) => ({
  type: 'modal',
  title: text(title),
  close: text('Back'),
  submit: text('Save'),
  blocks,
})

/** What reached the bot at the last press. */
function pressed() {
  const { request } = bot.slack.traffic.findLast(({ kind }) => kind === 'interactive') ?? {}
  return { trigger_id: '', actions: [] as unknown[], ...(request as object) }
}

/** Calls Slack as a bot that uses more of it than ours. */
async function asBot(method: string, given: Record<string, unknown>) {
  expect((await call(bot, method, given)).body).toMatchObject({ ok: true })
}
