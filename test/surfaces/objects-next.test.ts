import { afterAll, expect, test } from 'vitest'
import { startRequests } from '../approvals/start-requests.ts'
import type { PersonAtSlack, Seen, Window } from '../people.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const patience = { timeout: 30_000, interval: 30 }

// For what only reads.
const shared = await startBot({ until: afterAll })

function shows(seen: Pick<Seen, 'text' | 'blocks'>) {
  return `${seen.text} ${JSON.stringify(seen.blocks)}`
}

function buttonsOf({ blocks }: Pick<Seen, 'blocks'>) {
  return blocks.flatMap(({ type, elements = [] }) => (type === 'actions' ? elements.flatMap(({ text }) => text?.text ?? []) : []))
}

/** Chooses a command in the select of `/quay`, and waits for its modal. */
async function choosesInPalette(person: PersonAtSlack, command: string): Promise<Window> {
  const first = await person.types('/quay')
  const known = (await person.windows()).map(({ id }) => id)
  await person.post('options', { channel: 'general', ts: first.ts, field: 'home:open#palette', query: command })
  await person.post('press', { channel: 'general', ts: first.ts, action_id: 'home:open#palette', value: command })
  let opened: Window | undefined
  await expect
    .poll(async () => {
      opened = (await person.windows()).find(({ id, fields }) => !known.includes(id) && 'repository' in fields)
      return opened !== undefined
    }, patience)
    .toBe(true)
  return opened as Window // the poll has ended
}

/** Submits a modal and waits for the reply in the channel. */
async function answers(person: PersonAtSlack, modal: Window, values: object, reply: RegExp) {
  await person.submits(modal, values)
  return person.finds(reply, 'general')
}

test('from /quay to a repository, a permission, a build and its log: its name is typed once', async () => {
  const { bea } = await startBot()
  const created = await answers(bea, await choosesInPalette(bea, 'repo create'), { repository: 'acme/pay' }, /Created .*acme\/pay/)
  expect(buttonsOf(created)).toEqual(['Grant permission', 'Start build', 'Open acme/pay', 'Share in channel'])

  const grant = await bea.pressesToOpen('Grant permission', created)
  expect(grant.fields).toMatchObject({ repository: 'acme/pay' })
  const granted = await answers(bea, grant, { to: 'alice', role: 'write' }, /alice.*write.*acme\/pay|acme\/pay.*alice/)
  expect(shows(await bea.presses('List permissions', granted))).toContain('alice')

  const card = await bea.presses('Open acme/pay', granted)
  expect(shows(card)).toContain('You have admin permission.')
  const start = await bea.pressesToOpen('Start build', card)
  expect(start.fields).toMatchObject({ repository: 'acme/pay' })
  const building = await answers(bea, start, { archive_url: 'https://downloads.example.com/pay.tar.gz' }, /build queued.*Show build logs/s)
  const log = await bea.presses('Show build logs', building)
  expect(log.text).toContain('acme/pay')
  expect(buttonsOf(log).some((label) => label.startsWith('Open acme/pay#'))).toBe(true)
})

test('from a refusal to an approved request: the refusal becomes “Requested” with the card’s link, and the end opens the repository', async () => {
  const { alice, dora, card, notice } = await startRequests()
  const refused = await answers(alice, await choosesInPalette(alice, 'repo create'), { repository: 'globex/shop' }, /creator/)
  expect(buttonsOf(refused)).toContain('Request')
  const why = await alice.pressesToOpen('Request', refused)
  await alice.submits(why, { reason: 'For the shop' })
  await card(/globex\/shop/)
  await expect
    .poll(async () => (await alice.sees('general')).find(({ ts }) => ts === refused.ts)?.text, patience)
    .toMatch(/^Requested: `\/quay repo create globex\/shop`\. <https:.*\/archives\/C0APPROVALS\/p\d+\|Open the card>/)
  const [now] = (await alice.sees('general')).filter(({ ts }) => ts === refused.ts)
  expect(now && buttonsOf(now)).toEqual([])

  const asked = await notice(dora, /globex\/shop.*Approve/s)
  await dora.press('Approve', asked, 'dora')
  const end = await notice(alice, /^Approved by .*globex\/shop/)
  expect((await alice.presses('Open globex/shop', end, 'alice')).text).toContain('globex/shop')
})

test('a list offers what is next for its object, as far as the person may, and leads to its card', async () => {
  const { alice, bea } = shared
  expect(buttonsOf(await alice.types('/quay repo list acme'))).toContain('Open acme')
  const builds = await alice.types('/quay build list acme/api')
  expect(buttonsOf(builds)).toEqual(expect.arrayContaining(['Start build', 'Open acme/api']))
  expect(buttonsOf(await alice.types('/quay tag list acme/shop'))).not.toContain('Start build')
  expect((await bea.presses('Open acme/api', builds).catch(() => undefined))?.text).toBeUndefined()
  expect(shows(await alice.presses('Open acme/api', builds))).toContain('You have write permission.')
})

test('a build’s id alone is of the list that was just shown; otherwise its repository is asked for', async () => {
  const { alice, bea, repository } = shared
  const build = repository('acme/api')?.builds[1]
  await alice.types('/quay build list acme/api')
  expect((await alice.types(`/quay ${build?.uuid}`)).text).toContain('build failed')
  expect((await bea.opens(`/quay ${build?.uuid}`)).fields).toMatchObject({ build: build?.uuid })
})

test('a noun wins over an organization that is called like it, and the reply has the way to the other', async () => {
  const { alice, bea, dora } = await startBot()
  await bea.types('/quay org create build')
  const noun = await dora.types('/quay build')
  expect(noun.text).toContain('build')
  expect(buttonsOf(noun)).toContain('Open build')
  expect((await dora.presses('Open build', noun)).text).toContain('Organization')
  expect(buttonsOf(await alice.types('/quay build'))).not.toContain('Open build')
})

test('the account of somebody is a superuser’s to see; others are offered what they may do with the name', async () => {
  const { alice, grace } = shared
  const seen = await alice.types('/quay @carl')
  expect(seen.text).toBe('You need to be a *superuser* of Quay.')
  expect(buttonsOf(seen)).toEqual(['Grant permission', 'Add team members'])
  expect((await alice.pressesToOpen('Grant permission', seen)).fields).toMatchObject({ to: '@U0CARL' })
  expect(buttonsOf(await grace.types('/quay @carl'))).not.toContain('Grant permission')
})

test.runIf(isCi)('a refusal stays if Slack does not take its replacement, and the modal says that it is requested', async () => {
  const { alice, slack, card } = await startRequests()
  const refused = await alice.types('/quay repo create globex/shop')
  const why = await alice.pressesToOpen('Request', refused)
  slack.faults({ failing: [{ method: 'response_url', error: 'expired_url' }] })
  await alice.submits(why, { reason: 'For the shop' })
  await card(/globex\/shop/)
  await expect.poll(async () => JSON.stringify((await alice.looksAt(why)).blocks), patience).toContain('sent to')
  expect((await alice.sees('general')).find(({ ts }) => ts === refused.ts)?.text).toBe(refused.text)
})
