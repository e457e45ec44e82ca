import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { startInQuay } from './builds.ts'

const channel = 'acme-dev'
const shared = 'general'
const elevenMinutes = 11 * 60_000

test('somebody deletes our notifications in Quay, which then fails half way through the mending: they are made again, everything missed is told, once, with one line about the gap, and none of it where strangers read', async () => {
  const { bea, quay, origin, repository } = await startBot()
  await bea.types('/quay subscribe acme/api events=builds,pushes', channel)
  await bea.presses('Subscribe', await bea.types('/quay subscribe acme/* events=pushes', shared), shared)
  const ours = (name: string) => repository(name)?.notifications.map(({ event }) => event) ?? []
  await expect.poll(() => ours('acme/legacy'), { timeout: 20_000 }).toEqual(['repo_push'])
  for (const name of ['acme/api', 'acme/shop']) {
    repository(name)?.notifications.splice(0)
    quay.registry.pushTag(name, 'missed', 'acme+ci')
  }
  const { id } = await startInQuay({ quay, origin })

  quay.faults({ status: 503, match: 'GET /api/v1/repository/acme/api/build/' })
  await bea.post('clock', { advance_ms: elevenMinutes })
  await expect.poll(() => ours('acme/api').length, { timeout: 20_000 }).toBe(6)
  const failed = () => quay.exchanges.filter(({ path, status }) => path.includes('/acme/api/build/') && status === 503).length
  await expect.poll(failed, { timeout: 20_000 }).toBeGreaterThan(0)
  quay.faults(undefined)
  await bea.post('clock', { advance_ms: 60_000 })

  const said = async (place: string) => (await bea.sees(place)).filter(({ ephemeral }) => !ephemeral)
  await expect.poll(async () => JSON.stringify(await said(channel)), { timeout: 30_000 }).toContain(id)
  await expect.poll(async () => (await said(channel)).length, { timeout: 30_000 }).toBe(4)
  expect((await said(channel)).map(({ text }) => text).toSorted()).toEqual([
    expect.stringMatching(/^:package: .*acme\/api.*: `latest` pushed\./),
    expect.stringMatching(/^:package: .*acme\/api.*: `missed` pushed\./),
    expect.stringMatching(/^:white_check_mark: .*acme\/api.*: .*build.* succeeded\./),
    expect.stringMatching(
      /^Someone deleted Quaymaster’s notifications of acme\/api in Quay\. They are created again, and events since \d{4}-\d\d-\d\d \d\d:\d\d UTC were added\.$/,
    ),
  ])

  await expect.poll(async () => (await said(shared)).length, { timeout: 30_000 }).toBe(2)
  expect((await said(shared)).map(({ text }) => text).toSorted()).toEqual([
    expect.stringMatching(/^:package: .*acme\/shop.*: `missed` pushed\./),
    expect.stringMatching(
      /^Someone deleted Quaymaster’s notifications of acme\/shop in Quay\. They are created again, and events since .* were added\./,
    ),
  ])
  expect(ours('acme/shop')).toEqual(['repo_push'])
})

test('Quay’s answer to the making of a notification is lost: the one it made is ours, and no second one is made', async () => {
  const { bea, quay, repository } = await startBot()
  quay.faults({ cut: true, match: 'POST /api/v1/repository/acme/api/notification', times: 1 })
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  expect(repository('acme/api')?.notifications.map(({ event }) => event)).toEqual(['repo_push'])
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  const texts = async () => (await bea.sees(channel)).map(({ text }) => text).join('\n')
  await expect.poll(texts, { timeout: 30_000 }).toContain('`latest` pushed')
})
