import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { fieldsOf } from '../../src/command/fields.ts'
import { kinds, type Named } from '../../src/command/object-kinds.ts'
import { inputFor } from '../../src/command/objects.ts'
import { commands } from '../../src/command/registry.ts'
import type { PersonAtSlack, Seen } from '../people.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll })
const { alice, bea, carl, dora, grace, eve, bot, quay, slack } = started

beforeEach(() => {
  quay.faults(undefined)
  slack.faults(undefined)
  bot.cache.clear()
  quay.exchanges.length = 0
})

interface Element {
  type: string
  action_id: string
  text?: { text: string }
  value?: string
  option_groups?: { label: { text: string }; options: { text: { text: string }; value: string }[] }[]
}

function elementsOf({ blocks }: Pick<Seen, 'blocks'>) {
  return blocks.flatMap(({ type, elements }) => (type === 'actions' ? (elements as unknown as Element[]) : []))
}

/** The labels of the buttons, without those that every reply has. */
function buttonsOf(seen: Seen) {
  return elementsOf(seen).flatMap(({ text }) => (text && text.text !== 'Share in channel' ? [text.text] : []))
}

/** What the select offers, by its groups. */
function moreOf(seen: Seen): Record<string, string[]> {
  const groups = elementsOf(seen).flatMap(({ option_groups }) => option_groups ?? [])
  return Object.fromEntries(groups.map(({ label, options }) => [label.text, options.map(({ text }) => text.text)]))
}

function shows(seen: Seen) {
  return `${seen.text} ${JSON.stringify(seen.blocks)}`
}

/** Chooses in the select below a card. */
async function chooses(person: PersonAtSlack, seen: Seen, title: string) {
  const option = elementsOf(seen)
    .flatMap(({ option_groups }) => option_groups ?? [])
    .flatMap(({ options }) => options)
    .find(({ text }) => text.text === title)
  expect(option, title).toBeDefined()
  expect(await person.post('press', { channel: 'general', ts: seen.ts, action_id: 'object:do#more', value: option?.value })).toMatchObject({
    ok: true,
  })
}

test('a repository’s card says what matters about it, what alice may do there and why, and offers that', async () => {
  const seen = await alice.types('/quay acme/api')
  expect(seen.ephemeral).toBe(true)
  const text = shows(seen)
  expect(text).toContain('*Tags*\\n3')
  expect(text).toContain('*Latest push*\\n`latest` · 86 MB')
  expect(text).toContain(':red_circle: 1 critical')
  expect(text).toContain('*Latest build*\\nsucceeded')
  expect(text).toMatch(/podman pull [^`]*\/acme\/api:latest/)
  expect(text).toContain('You have write permission. alice has write permission on acme/api.')
  expect(buttonsOf(seen)).toEqual(['List tags', 'Show vulnerabilities', 'List builds', 'Start build', 'Open acme'])
  expect(moreOf(seen)['More actions']).toContain('Edit description')
  expect(moreOf(seen)['More actions']).not.toContain('Change visibility')
})

test('what the policy lets somebody request stands apart, and what they may neither run nor request is not there', async () => {
  const ofAlice = moreOf(await alice.types('/quay acme/api'))
  expect(ofAlice['Request approval']).toEqual(['Delete tag', 'Change tag expiration'])
  expect(Object.values(ofAlice).flat()).not.toContain('Delete repository')
  const ofBea = await bea.types('/quay acme/api')
  expect(buttonsOf(ofBea)).toContain('Grant permission')
  expect(moreOf(ofBea)['Request approval']).toContain('Delete repository')
  expect(moreOf(ofBea)['More actions']).toContain('Change visibility')
})

test.each(
  sampled(
    [
      ['alice', 'acme', /^Organization/, 'You have the creator role. alice is a member of the team creators of acme.', 'Create repository'],
      ['alice', 'acme/api:v1.1', /^Image .*acme\/api:v1\.1/, 'You have write permission.', 'Move tag'],
      ['alice', 'quay:acme/api v1.1', /^Image/, 'You have write permission.', 'Show tag history'],
      [
        'bea',
        'acme+ci',
        /^Robot account `acme\+ci`/,
        'You have admin permission. bea is a member of the team owners of acme.',
        'Grant permission',
      ],
      ['bea', '@acme/developers', /^Members of team \*developers\*/, 'You have admin permission.', 'Add team members'],
      ['dora', '@ivan', /^User `ivan`/, '', 'Disable user'],
    ],
    3,
  ),
)('%s opens %s by its name alone', async (who, word, first, yours, offers) => {
  const seen = await { alice, bea, dora }[who as 'alice' | 'bea' | 'dora'].types(`/quay ${word.replace('quay:', '')}`)
  expect(seen.text).toMatch(first)
  expect(shows(seen)).toContain(yours)
  expect(buttonsOf(seen)).toContain(offers)
})

test('a digest opens the image with the tags that point to it, and a build opens by its repository and the beginning of its id', async () => {
  const api = started.repository('acme/api')
  const [digest, build] = [api?.tags.find(({ name }) => name === 'v1.1')?.digest, api?.builds[1]]
  const image = await alice.types(`/quay acme/api@${digest}`)
  expect(image.text).toContain(`acme/api@${digest}`)
  expect(shows(image)).toContain('*Tags*\\n`latest`, `v1.1`')
  const failed = await alice.types(`/quay acme/api#${build?.uuid.slice(0, 8)}`)
  expect(failed.text).toContain('build failed')
  expect(buttonsOf(failed)).toEqual(['Show build logs', 'Retry build', 'Open acme/api'])
  expect(shows(await alice.presses('Show build logs', failed))).toContain(`${build?.uuid}`)
})

test('a button for a read runs it, one for a change opens its modal, filled', async () => {
  const card = await bea.types('/quay acme/api')
  expect((await bea.presses('List tags', card)).text).toMatch(/^3 tags of/)
  expect((await bea.pressesToOpen('Grant permission', card)).fields).toMatchObject({ repository: 'acme/api' })
  expect((await bea.pressesToOpen('Create repository', await bea.types('/quay acme'))).fields).toMatchObject({ repository: 'acme/' })
  expect((await bea.pressesToOpen('Grant permission', await bea.types('/quay acme+ci'))).fields).toMatchObject({ to: 'acme+ci' })
})

test('what is chosen in the select is the same command, also for a name longer than an option can carry', async () => {
  const long = `acme/${'long-'.repeat(20)}name`
  await bea.types(`/quay repo create ${long}`)
  const card = await bea.types(`/quay ${long}`)
  await chooses(bea, card, 'Edit description')
  await expect.poll(async () => (await bea.windows()).map(({ fields }) => fields.repository)).toContain(long)
})

test('the permission is checked at the press: what alice could do a moment ago is refused', async () => {
  const card = await alice.types('/quay acme/api')
  const api = started.repository('acme/api')
  const before = api?.teamPermissions ?? {}
  Object.assign(api ?? {}, { teamPermissions: {} })
  bot.cache.clear()
  expect((await alice.presses('List tags', card)).text).toBe('You need *read* permission on acme/api.')
  expect((await alice.presses('Open acme/api', await alice.types('/quay tag list acme/shop')).catch(() => undefined))?.text).toBeUndefined()
  Object.assign(api ?? {}, { teamPermissions: before })
})

test('a private repository that somebody may not see has the card of one that is not there', async () => {
  const [secret, nothing] = [await alice.types('/quay globex/secret'), await alice.types('/quay globex/nothere')]
  const same = (seen: Seen) =>
    shows(seen)
      .replaceAll(/secret|nothere/g, '…')
      .replaceAll(/"block_id":"\w+"/g, '')
  expect(same(secret)).toBe(same(nothing))
  expect(elementsOf(secret)).toEqual([])
  const [tag, noTag] = [await alice.types('/quay globex/secret:latest'), await alice.types('/quay globex/nothere:latest')]
  expect(same(tag)).toBe(same(noTag))
  expect(quay.exchanges.map(({ path }) => path).filter((path) => /tag|build|security/.test(path))).toEqual([])
})

test('grace, who is not linked, and eve, a guest, get no card', async () => {
  const ofGrace = await grace.types('/quay acme/api')
  expect(ofGrace.text).toContain('No Quay user has your e-mail address')
  expect(shows(ofGrace)).not.toContain('object:do')
  const ofEve = await eve.types('/quay acme/api')
  expect(ofEve.text).toBe('Guests can’t use Quaymaster. Ask a full member.')
  expect(shows(ofEve)).not.toContain('object:do')
})

test('a part that Quay does not tell is left out or said to be unknown, and the card is there', async () => {
  quay.faults({ status: 500, match: '/security' })
  expect(shows(await alice.types('/quay acme/api'))).toContain('*Vulnerabilities*\\nNot known now')
  quay.faults({ status: 500, match: '/build/' })
  const seen = await carl.types('/quay acme/shop')
  expect(seen.text).toContain('acme/shop')
  expect(shows(seen)).not.toContain('Latest build')
})

test('while Quay does not answer there is no card, and the reply says why', async () => {
  quay.faults({ status: 503 })
  const seen = await alice.types('/quay acme/api')
  expect(seen.text).toMatch(/Quay/)
  expect(elementsOf(seen).map(({ action_id }) => action_id)).not.toContain('object:do')
})

test('a card that Slack does not take in the channel comes by direct message', async () => {
  slack.faults({
    failing: [
      { method: 'response_url', error: 'invalid_blocks', times: 1 },
      { method: 'chat.postEphemeral', error: 'channel_not_found' },
    ],
  })
  await alice.sends('/quay acme/api')
  expect(shows(await alice.finds(/You have write permission/))).toContain('object:do')
})

test('a card costs what tells who may see it, and at most four calls more', async () => {
  const rights = /superuser\/users\/|\/organization\/acme(?:\/members\/.*)?$|\/transitive$|includeTags=false$/
  for (const word of sampled(['acme/api', 'acme/api:v1.1', 'acme', '@acme/developers'], 2)) {
    bot.cache.clear()
    quay.exchanges.length = 0
    await bea.types(`/quay ${word}`)
    const paths = quay.exchanges.map(({ path }) => path)
    expect(new Set(paths).size, 'nothing is asked twice').toBe(paths.length)
    expect(paths.filter((path) => !rights.test(path)).length, word).toBeLessThanOrEqual(4)
    quay.exchanges.length = 0
  }
})

const samples: Record<keyof typeof kinds, Named> = {
  repository: { kind: 'repository', repository: 'acme/api' },
  namespace: { kind: 'namespace', namespace: 'acme' },
  tag: { kind: 'tag', repository: 'acme/api', tag: 'v1.1' },
  image: { kind: 'image', repository: 'acme/api', digest: `sha256:${'0'.repeat(64)}` },
  robot: { kind: 'robot', robot: 'acme+ci' },
  team: { kind: 'team', namespace: 'acme', team: 'developers' },
  user: { kind: 'user', user: 'ivan' },
  build: { kind: 'build', repository: 'acme/api', build: '3592c8dd-729c-4893-a3a6-3634f4ad33a0' },
}

test('every command of the cards exists and fits, and every command with an object is on some card', () => {
  for (const [kind, { card, first }] of Object.entries(kinds))
    for (const name of [card, ...first]) {
      const command = commands.get(name)
      expect(command, name).toBeDefined()
      if (command && first.includes(name))
        expect(inputFor(name, command, samples[kind as keyof typeof kinds]), `${kind}: ${name}`).toBeDefined()
    }
  // What is one of several with ids is reached from their list, and a new namespace is part of nothing.
  const isAboutObject = (name: string) => {
    const needed = fieldsOf(commands.get(name) ?? { input: z.object({}) }).filter(({ required }) => required)
    return (
      needed.some(({ of }) => of !== undefined && of !== 'new-namespace') && needed.every(({ id }) => id === undefined || id === 'build')
    )
  }
  const isPlaced = (name: string) => {
    const command = commands.get(name)
    return command && Object.values(samples).some((object) => inputFor(name, command, object) !== undefined)
  }
  expect([...commands.keys()].filter((name) => isAboutObject(name) && !isPlaced(name))).toEqual([])
})
