import { afterAll, expect, test } from 'vitest'
import { referencesIn } from '../../src/surfaces/lookup/references.ts'
import { allOf } from '../commands/drawn.ts'
import type { PersonAtSlack } from '../people.ts'
import { startBot } from '../start-bot.ts'

// “Look up in Quay” in the menu of a message: what it names, for whoever pressed, in a modal (docs/SECURITY.md rule 44).

const started = await startBot({ until: afterAll })
const { alice, bea, carl, eve, slack, log } = started
const registry = new URL(started.bot.quay.url).host

async function looksUp(person: PersonAtSlack, text: string, channel = 'general') {
  const { ts } = await person.writes(text, channel)
  expect(await person.post('shortcut', { callback_id: 'lookup', channel, ts })).toMatchObject({ ok: true })
  return windowOf(person)
}

async function windowOf(person: PersonAtSlack) {
  let id = ''
  await expect.poll(async () => (id = (await person.windows()).at(-1)?.id ?? ''), { timeout: 20_000 }).not.toBe('')
  const modal = await person.looksAt({ id })
  await person.post('close', { view_id: id })
  return modal
}

test('three references of a message open in a modal, each once, and nothing is said in the channel', async () => {
  const before = (await alice.sees()).length
  const modal = await looksUp(
    alice,
    `acme/api:latest is broken, see https://${registry}/repository/acme/api?tab=tags and ${registry}/acme/api:v1.0 (and/or notes/2026:12)`,
  )
  expect(modal.title).toBe('Look up in Quay')
  const said = allOf(modal)
  expect(said).toContain('3 references in this message')
  expect(said).toContain('latest')
  expect(said).toContain('v1.0')
  expect(await alice.sees()).toHaveLength(before + 1)
})

test('what somebody may not see and what does not exist look alike, and the text of the message is in no log', async () => {
  const said = allOf(await looksUp(carl, 'internal/secret:v1 and internal/nothing-at-all:v1, private words 4711-0815'))
  expect(said).toContain('`internal/secret:v1`: not found, or you can’t see it.')
  expect(said).toContain('`internal/nothing-at-all:v1`: not found, or you can’t see it.')
  expect(log()).not.toContain('4711-0815')
})

test('it answers where the bot is no member, in cards of other apps too, and at most ten references', async () => {
  const elsewhere = slack.workspace.channels.find(({ members }) => !members.includes('U0QUAYBOT') && members.includes('U0BEA'))
  const channel = elsewhere?.name ?? 'general'
  const many = Array.from({ length: 12 }, (_, index) => `acme/many-${index}:v1`).join(' ')
  const said = allOf(await looksUp(bea, many, channel))
  expect(said).toContain('12 references in this message')
  expect(said).toContain('2 more references are not shown.')
})

test('a guest is told that they are one, and a message without references that there are none', async () => {
  expect(JSON.stringify((await looksUp(eve, 'acme/api:latest')).blocks)).toContain('Guests can’t use Quaymaster')
  expect(allOf(await looksUp(alice, 'read/write and/or the weather'))).toContain('This message has no references to')
})

test('texts, blocks, attachments and unfurls are read, and other hosts and prose are not', () => {
  const hosts = ['quay.example.com']
  const message = {
    text: '',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '<https://quay.example.com/repository/acme/web/tag/v1|web>' } }],
    attachments: [
      {
        title_link: 'https://quay.example.com/organization/acme',
        fallback: 'podman pull quay.example.com/acme/job@sha256:abc',
        from_url: 'x',
      },
    ],
    user: 'acme/not-said:v1',
  }
  expect(referencesIn(message, hosts)).toEqual(['acme/web:v1', 'https://quay.example.com/organization/acme', 'acme/job'])
  for (const prose of [
    'and/or',
    'docker.io/library/nginx:1',
    'https://example.com/a/b:c',
    'src/main.ts:30',
    '12/24:30',
    'C:/temp/x:y',
    '`'.repeat(10_000),
  ])
    expect(referencesIn({ text: prose }, hosts)).toEqual([])
  expect(referencesIn({ text: 'acme/api:v1. acme/api:v1, (acme/api:v1)' }, hosts)).toEqual(['acme/api:v1'])
})
