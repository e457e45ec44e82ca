import { expect, test } from 'vitest'
import type { Phase } from '../../src/sandbox/quay/repository-state.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { startBuild } from './builds.ts'

const channel = 'acme-dev'
const archive = 'https://downloads.example.com/api.tgz'

/** A build that somebody has subscribed to, held in whatever phase Quay gives it. */
async function held(subscription: string) {
  const started = await startBot()
  const { bea, quay, origin } = started
  await bea.types(`/quay subscribe acme/api ${subscription}`, channel)
  const all = started.repository('acme/api')?.builds ?? []
  all.length = 0
  const build = await startBuild({ bea, quay, origin, archive })
  const own = all.find(({ uuid }) => uuid === build.id)
  if (!own) throw new Error('Quay has no such build')
  const turns = async (phase: Phase) => {
    Object.assign(own, { phase, phaseSince: started.clock.now() + 60 * 60_000 })
    await bea.post('clock', { advance_ms: 60_000 })
  }
  return { ...started, build, turns }
}

test('a build whose builder broke down is not over: Quay tries again, and its card goes on, back through the phases, to the end', async () => {
  const { bea, build, turns } = await held('events=builds')
  await turns('building')
  await build.settles(/> running\./)

  await turns('internalerror')
  await build.settles(/had an internal error. Quay retries it/)
  expect(buttonsOf(await build.card())).toEqual(['Logs'])
  expect(JSON.stringify(await bea.types(`/quay build show acme/api ${build.id}`))).toContain('Quay retries it')
  expect((await bea.types(`/quay build retry acme/api ${build.id}`)).text).toMatch(
    /Build .* failed with an internal error\. Quay retries it automatically\./,
  )

  await turns('waiting')
  await build.settles(/> queued/)
  await turns('building')
  await build.settles(/> running\./)
  await turns('internalerror')
  await build.settles(/had an internal error/)
  await turns('pushing')
  await build.settles(/> pushing its image/)
  await turns('complete')
  await build.settles(/succeeded/)
  expect((await build.thread()).map(({ text }) => text)).toEqual([])
})

test.runIf(isCi)('that Quay does not know of a build for a moment changes nothing: it is asked again until the build ends', async () => {
  const { build, turns } = await held('events=builds')
  await turns('building')
  await build.settles(/> running\./)
  await turns('cannot_load')
  await turns('pushing')
  await build.settles(/> pushing its image/)
  await turns('cannot_load')
  await turns('complete')
  await build.settles(/succeeded/)
  expect(await build.thread()).toEqual([])
})

test.runIf(isCi)('a builder that broke down with no tries left is a failure: it is offered again, and told in the thread', async () => {
  const { build, turns } = await held('events=builds')
  await turns('internalerror')
  await build.settles(/had an internal error/)
  await turns('expired')
  await build.settles(/failed with an internal error, no retries left/)
  expect(buttonsOf(await build.card())).toEqual(['Logs', 'Retry'])
  await expect
    .poll(async () => (await build.thread()).map(({ text }) => text), { timeout: 30_000 })
    .toEqual([expect.stringContaining('build failed')])
})

test.runIf(isCi)('only=changes: nothing is broken by what Quay tries again, nor by what it does not know', async () => {
  const { bea, bot, quay, origin, build, turns } = await held('only=changes')
  // Where no webhook reaches the bot it looks by itself.
  bot.config.PUBLIC_URL = undefined
  await bea.types('/quay subscribe acme/api only=changes', channel)
  await turns('complete')
  const second = await startBuild({ bea, quay, origin, archive: 'https://downloads.example.com/again.tgz' })
  const own = quay.registry.repositories.flatMap(({ builds }) => builds).find(({ uuid }) => uuid === second.id)
  for (const phase of ['internalerror', 'cannot_load', 'expired'] as const) {
    expect((await second.cardsIn(channel)).map(({ text }) => text)).toEqual([])
    if (own) Object.assign(own, { phase, phaseSince: own.phaseSince + 60 * 60_000 })
    await bea.post('clock', { advance_ms: 60_000 })
  }
  await second.settles(/failed \(previous one succeeded\)/)
  expect(await build.card()).toBeUndefined()
})

test('a phase that only a later Quay has breaks nothing, and is shown by Quay’s own word', async () => {
  const { bea, build, turns } = await held('events=builds')
  await turns('building')
  await build.settles(/> running\./)
  await turns('polishing' as Phase) // what a release to come may say
  const shown = await bea.types(`/quay build show acme/api ${build.id}`)
  expect(shown.text).toContain('polishing')
  expect(JSON.stringify(await bea.types('/quay build list acme/api'))).toContain('polishing')
  await turns('complete')
  await build.settles(/succeeded/)
})

test.runIf(isCi)('a build that Quay has no more ends its card without being called a failure', async () => {
  const { bea, build, repository, turns } = await held('events=builds')
  await turns('building')
  await build.settles(/> running\./)
  const all = repository('acme/api')?.builds ?? []
  all.length = 0
  await bea.post('clock', { advance_ms: 60_000 })
  await build.settles(/is no longer in Quay/)
  expect(await build.thread()).toEqual([])
})

function buttonsOf(card: { blocks: unknown } | undefined) {
  const blocks = (card?.blocks ?? []) as { type: string; elements?: { text?: { text: string } }[] }[] // Slack's own shape
  return blocks.flatMap(({ type, elements = [] }) => (type === 'actions' ? elements.map(({ text }) => text?.text) : []))
}
