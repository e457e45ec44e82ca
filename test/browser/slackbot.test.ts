import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow } from './open-window.ts'
import { reads, violations } from './seen.ts'

// Slackbot as the page plays it: whoever sits there is its language model.

const bot = await startBot({ until: afterAll, policy: { approvals: [] } })
const browser = await openBrowser()
const panelOf = async (as: string) => {
  const window = await openWindow(browser, bot.origin, { as, panel: 'slackbot' })
  const panel = window.page.getByRole('complementary', { name: 'Ask Slackbot' })
  const picks = async (tool: string, given: Record<string, string>) => {
    await expect.poll(() => panel.getByRole('combobox', { name: 'Tool' }).getByRole('option').count()).toBeGreaterThan(5)
    await panel.getByRole('combobox', { name: 'Tool' }).selectOption(tool)
    for (const [name, value] of Object.entries(given)) {
      const field = panel.locator(`#tool-${name}`)
      await (name === 'command' ? field.selectOption(value) : field.fill(value))
    }
    await panel.getByRole('button', { name: 'Call the tool' }).click()
  }
  return { ...window, panel, picks }
}

test('bea asks for tags: Slack asks for her consent first, and the card is the one that Slackbot would show', async () => {
  const bea = await panelOf('bea')
  await bea.picks('quay_list_tags', { repository: 'acme/api' })
  await bea.panel.getByRole('button', { name: 'Deny' }).click()
  await reads(bea.panel, /You denied it, so nothing was called\./)
  await bea.panel.getByRole('button', { name: 'Call the tool' }).click()
  await bea.panel.getByRole('button', { name: 'Allow once' }).click()
  await reads(bea.panel, /latest/)
  expect(await violations(bea.page)).toEqual([])
  expect(bea.problems).toEqual([])
})

test('a change waits in a direct message: nothing happens until bea presses Apply there', async () => {
  const bea = await panelOf('bea')
  const words = 'repository=acme/api\ndescription=Said by Slackbot'
  await bea.picks('quay_prepare_repository', { command: 'repo description', arguments: words })
  await bea.panel.getByRole('button', { name: 'Allow once' }).click()
  await bea.panel.getByRole('button', { name: 'Open the message' }).click()
  await reads(bea.newest, /Said by Slackbot/)
  expect(bot.repository('acme/api')?.description).not.toBe('Said by Slackbot')
  await bea.newest.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(() => bot.repository('acme/api')?.description).toBe('Said by Slackbot')
  expect(bea.problems).toEqual([])
})

test('grace, who is not linked, reads why, and no card', async () => {
  const grace = await panelOf('grace')
  await grace.picks('quay_list_tags', { repository: 'acme/api' })
  await grace.panel.getByRole('button', { name: 'Allow once' }).click()
  await reads(grace.panel, /not linked|no Quay user|isn’t linked|Ask to be linked/i)
  expect(grace.problems).toEqual([])
})
