import { afterAll, expect, test } from 'vitest'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// For what changes nothing.
const quiet = await startBot({ until: afterAll })

test('a guest, somebody of another workspace and somebody without an account are refused, before anything that comes from Quay', async () => {
  const { eve, frank, grace, quay } = quiet
  const before = quay.exchanges.length

  expect((await eve.types('/quay repo show acme/api')).text).toContain('Guests can’t use Quaymaster. Ask a full member.')
  // Slack itself lets nobody of another workspace run a command (docs/slack.md §8); a button they can press.
  expect(await frank.sends('/quay repo show acme/api')).toMatchObject({ ok: false })
  expect(quay.exchanges.slice(before).filter(({ path }) => path.includes('acme'))).toEqual([])

  const unlinked = await grace.types('/quay repo show acme/api')
  expect(unlinked.text).toContain('No Quay user has your e-mail address grace@example.com')
  expect(unlinked.text).toContain('identity.map')
  expect((await grace.types('/quay status')).text).toContain('Quay is operational.')
})

test('a misspelt command is offered with a button: a reading one runs, a changing one opens filled', async () => {
  const { bea, alice } = quiet

  const guess = await bea.types('/quay rpo list acme')
  expect(guess.text).toBe('Did you mean `repo list`?')
  expect((await bea.presses('Run it', guess)).text).toContain('Repositories in *acme*')

  const changing = await alice.types('/quay repo crate acme/web visibility=public')
  const modal = await alice.pressesToOpen('Open it', changing)
  expect(modal.fields).toMatchObject({ repository: 'acme/web', visibility: 'public' })
})

test('phones write long dashes, curly quotes and capital letters; they are understood', async () => {
  const { alice, repository } = await startBot()
  const reply = await alice.types('/quay Repo Create acme/web Visibility=Public description=“Front\u00a0page”')
  expect(reply.text).toContain('Created')
  expect(repository('acme/web')).toMatchObject({ visibility: 'public', description: 'Front\u00a0page' })
})

test.each(
  sampled(
    [
      ['nonsense here', /Unknown command|Did you mean/],
      ['repo create acme/web visiblity=public', /Unknown field visiblity\. Did you mean visibility\?/],
      ['repo create acme/web/permissions/user/x', /Quay can’t address this repository safely\. Rename it in the Quay web console\./],
      ['repo create a/../b', /Use the form namespace\/name/],
      ['repo create acme/web one two three', /one word too many|Visibility/],
      ['repo create acme/web description="never closed', /A closing quote is missing\./],
      [`repo create acme/web description="${'x'.repeat(5000)}"`, /Description: .*500/],
      ['repo create acme/✨', /Use the form namespace\/name/],
      ['repo create acme/مرحبا', /Use the form namespace\/name/],
      ['repo create acme/web description="nul \u0000 byte"', /control character/],
      ['repo create acme/web dry-run=yes visibility=secret', /Visibility/],
      ['repo create acme/web repository=acme/shop', /given twice|too many|Visibility/],
      ['help nothing like this', /Unknown command/],
    ],
    4,
  ),
)('bad input gets a clear sentence and changes nothing: %s', async (text, sentence) => {
  const { alice, changes, log } = quiet
  const reply = await alice.types(`/quay ${text}`)
  expect(reply.text).toMatch(sentence)
  expect(reply.ephemeral).toBe(true)
  expect(changes()).toEqual([])
  expect(log()).not.toContain('unexpected error')
})

test('what people write mentions nobody: a channel, a person or a link in a description stays text', async () => {
  const { alice, bea } = await startBot()
  await alice.types('/quay repo create acme/web description="<!channel> @here *bold* <@U0BEA>"')
  const reply = await bea.types('/quay repo show acme/web')
  // In the quotation nothing is markup; outside of it there is nothing of it.
  const quotations = reply.blocks.filter(({ type }) => type === 'rich_text')
  expect(JSON.stringify(quotations)).toMatch(/\{"type":"rich_text_quote","elements":\[\{"type":"text","text":"<!channel>/)
  expect(JSON.stringify(reply.blocks.filter(({ type }) => type !== 'rich_text'))).not.toMatch(/<!channel>|<!here>|<@U0BEA>/)
})

test('Quay does not answer: the ack comes within a second, a sentence within sixteen', async () => {
  const { alice, quay } = await startBot()
  quay.faults({ latencyMs: 60_000 })
  const started = Date.now()
  const acked = await alice.sends('/quay repo create acme/web')
  expect(acked).toMatchObject({ ok: true })
  expect(acked.ack_ms).toBeLessThan(1000)
  await expect
    .poll(async () => (await alice.sees()).at(-1)?.text, { timeout: 30_000, interval: 250 })
    .toBe('Quay is not available right now.')
  expect(Date.now() - started).toBeLessThan(20_000)
})

test('Quay gives HTML, cuts the connection or asks for patience: a sentence each time, and nothing is logged of the token', async () => {
  const { alice, bot, quay, log } = await startBot()
  if (!isCi) bot.quay.limits.pauses = []
  for (const faults of [{ status: 502 }, { cut: true }, { status: 429 }, { status: 404 }]) {
    quay.faults(faults)
    expect((await alice.types('/quay repo show acme/api')).text.length).toBeGreaterThan(10)
  }
  expect(log()).not.toContain(quay.tokenOf('quaymaster'))
})

test('help is made of the commands themselves: of one, of a group, of all that one may run', async () => {
  const { alice, dora } = quiet
  const one = await alice.types('/quay help repo create')
  expect(JSON.stringify(one.blocks)).toContain('/quay repo create &lt;repository&gt; [visibility={private | public}]')
  expect(JSON.stringify((await alice.types('/quay repo')).blocks)).toContain('/quay repo list')
  await alice.types('/quay repo list acme')
  const forAlice = JSON.stringify((await alice.types('/quay')).blocks)
  expect(forAlice).toContain('Recent commands: `/quay repo list acme`')
  expect(forAlice).not.toContain('audit verify')
  expect(JSON.stringify((await dora.types('/quay help all')).blocks)).toContain('audit')
})
