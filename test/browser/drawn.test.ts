import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { openBrowser, openWindow } from './open-window.ts'
import { picture } from './picture.ts'
import { reads, sees, violations } from './seen.ts'

// Sortable tables, charts, plans and the menu of a message, as the page draws them.

const bot = await startBot({ until: afterAll })
const browser = await openBrowser()
const registry = new URL(bot.bot.quay.url).host

test('dora sorts a table by its heading and pages it, by the keyboard too', async () => {
  const [like] = bot.quay.registry.users.filter(({ name }) => name === 'ivan')
  if (!like) throw new Error('no ivan')
  for (let number = 10; number < 40; number += 1) bot.quay.registry.users.push({ ...structuredClone(like), name: `user${number}` })
  const dora = await openWindow(browser, bot.origin, { as: 'dora' })
  await dora.types('/quay user list')
  const table = dora.newest.getByRole('table', { name: /Users of the registry/ })
  await sees(table)
  expect(await table.getByRole('row').count()).toBe(21)
  const heading = table.getByRole('columnheader', { name: 'User' }).first()
  await heading.getByRole('button').press('Enter')
  expect(await heading.getAttribute('aria-sort')).toBe('ascending')
  const first = async () => table.getByRole('rowheader').first().innerText()
  expect(await first()).toBe('alice')
  await heading.getByRole('button').click()
  expect(await heading.getAttribute('aria-sort')).toBe('descending')
  expect(await first()).toBe('user39')
  await dora.newest.getByRole('button', { name: 'Next rows' }).click()
  await reads(dora.newest, /21–\d+ of/)
  await picture(dora, 'table', table)
  expect(await violations(dora.page)).toEqual([])
  expect(dora.problems).toEqual([])
})

test('usage is a chart with its numbers beside it, and a build is a plan that runs', async () => {
  const dora = await openWindow(browser, bot.origin, { as: 'dora' })
  const weekAgo = new Date(bot.clock.now() - 6 * 24 * 3_600_000).toISOString().slice(0, 10)
  await dora.types(`/quay logs totals from=${weekAgo}`)
  await sees(dora.newest.getByRole('figure', { name: /Usage per/ }))
  await sees(dora.newest.getByRole('table', { name: /Usage of the registry/ }))
  await picture(dora, 'chart', dora.newest.getByRole('figure'))
  expect(await violations(dora.page)).toEqual([])
  await dora.types('/quay build start acme/api https://downloads.example.com/api.tar.gz')
  await reads(dora.newest, /Queued[\s\S]*Unpack and pull[\s\S]*Build[\s\S]*Push/)
  expect(dora.problems).toEqual([])
})

test('the menu of a message looks up its three references in a modal', async () => {
  const alice = await openWindow(browser, bot.origin, { as: 'alice' })
  await alice.types(`See acme/api:latest, ${registry}/acme/api:v1.0 and https://${registry}/repository/acme/api`)
  await alice.newest.hover()
  await alice.newest.getByRole('button', { name: 'Look up in Quay' }).click()
  await reads(alice.modal, /3 references in this message/)
  expect(await violations(alice.page)).toEqual([])
  expect(alice.problems).toEqual([])
})
