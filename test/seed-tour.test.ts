import { afterAll, expect, test } from 'vitest'
import type { Seen } from './people.ts'
import { startBot } from './start-bot.ts'

// The user's document, “15.4 Accessing the API from the command line”, from top to bottom through Slack's front door.
// Against a real Quay: QUAY_URL, QUAY_TOKEN, TOUR_ACCOUNT (a superuser's account) and TOUR_ORGANIZATION (one that it owns).
const real = process.env.QUAY_URL !== undefined && process.env.QUAY_TOKEN !== undefined
const organization = process.env.TOUR_ORGANIZATION ?? 'acme'
const suffix = Date.now().toString(36)
const bot = await startBot({
  until: afterAll,
  policy: {
    approvals: [],
    archives: { hosts: ['*.example.com'] },
    identity: { map: { U0DORA: process.env.TOUR_ACCOUNT ?? 'quayadmin' }, email: false },
  },
  ...(real && { registry: { url: process.env.QUAY_URL ?? '', token: process.env.QUAY_TOKEN ?? '' } }),
})
const { dora } = bot

// What a registry may lack: then the part is ticked as such, with the registry's own words.
const lacks = /does not offer|Not supported|not.*LDAP/i

afterAll(() => {
  console.log(`\nThe seed document through Slack, on ${real ? process.env.QUAY_URL : 'the simulated Quay'}:\n${ticks.join('\n')}\n`)
})

const ticks: string[] = []

function tick(part: string, reply: Pick<Seen, 'text'>) {
  const missing = lacks.test(reply.text)
  ticks.push(`  ${missing ? '–' : '✓'} ${part}${missing ? ` (this registry: ${reply.text})` : ''}`)
  return missing
}

test('15.4.1 superuser information: who has an account, and who is a superuser', async () => {
  const reply = await dora.types('/quay user list', 'dora')
  expect(JSON.stringify(reply.blocks)).toMatch(/superuser/i)
  tick('15.4.1 user list', reply)
})

test('15.4.2 create a superuser: the account is made, read back, and its password revealed', async () => {
  const reply = await dora.types(`/quay user create tour${suffix} email=tour${suffix}@example.com superuser=yes`)
  if (!tick('15.4.2 user create', reply)) {
    expect(reply.text).toMatch(/Created user/)
    expect(JSON.stringify(reply.blocks)).toContain('SUPER_USERS')
    await expect.poll(async () => JSON.stringify(await dora.sees('dora'))).toContain('Reveal')
  }
})

test('15.4.3 usage logs: the first page and the one after it', async () => {
  const first = await dora.types('/quay logs from=2020-01-01', 'dora')
  expect(first.text).toContain('Usage logs of the registry')
  // Quay takes its window of two days anew for every page, so the headings may be a second apart.
  if (JSON.stringify(first.blocks).includes('"Older"')) {
    const older = await dora.presses('Older', first, 'dora')
    expect(older.text).toContain('Usage logs of the registry')
    expect(older.blocks).not.toEqual(first.blocks)
  }
  tick('15.4.3 logs, page by page', first)
})

test('15.4.4 directory synchronisation of a team, on and off', async () => {
  const team = `tour${suffix}`
  expect((await dora.types(`/quay team create ${organization} ${team}`)).text).toContain(team)
  if (!real) {
    bot.quay.registry.authenticationType = 'LDAP'
    bot.quay.registry.ldapGroups.push('cn=ldapgroup,ou=Users')
  }
  const preview = await dora.types(`/quay team sync ${organization} ${team} "cn=ldapgroup,ou=Users"`)
  if (tick('15.4.4 team sync', preview)) return
  expect((await dora.presses('Sync', preview)).text).toContain('is now synced with the group')
  const off = await dora.types(`/quay team unsync ${organization} ${team}`)
  expect(off.text).toContain('is no longer synced with the group')
  tick('15.4.4 team unsync', off)
})

test('15.4.6 an organisation’s robot, its token revealed to one person', async () => {
  const reply = await dora.types(`/quay robot create ${organization}+tour${suffix}`)
  expect(reply.text).toContain('Created robot account')
  tick('15.4.6 robot create', reply)
})

test('15.4.8 a private repository', async () => {
  const reply = await dora.types(`/quay repo create ${organization}/tour-${suffix} description="Made on a tour" visibility=private`)
  expect(reply.text).toContain('Created')
  tick('15.4.8 repo create, private by default', reply)
})

test('15.4.5 a build with tags, a subdirectory and a pull robot', async () => {
  const robot = `${organization}+tour${suffix}`
  const reply = await dora.types(
    `/quay build start ${organization}/tour-${suffix} https://downloads.example.com/app.tar.gz docker_tags=latest,v1 subdirectory=/server pull_robot=${robot}`,
  )
  expect(JSON.stringify(reply.blocks)).toMatch(/v1/)
  tick('15.4.5 build start', reply)
})

test('15.4.7 a build without options: the modal asks for them', async () => {
  const modal = await dora.opens('/quay build start')
  expect(modal.title).toBe('Build')
  await dora.submits(modal, { repository: `${organization}/tour-${suffix}`, archive_url: 'https://downloads.example.com/app.zip' })
  await expect.poll(async () => JSON.stringify((await dora.looksAt(modal)).blocks)).toContain('The build of')
  tick('15.4.7 build start without options, by the modal', { text: '' })
})

test('15.4.9 a mirrored repository: minimal, and extended', async () => {
  const minimal = await dora.types(`/quay mirror create ${organization}/tour-mc-${suffix} quay.io/minio/mc`)
  if (tick('15.4.9 mirror create, minimal', minimal)) return
  expect(JSON.stringify(minimal.blocks)).toContain('quay.io/minio/mc')
  const extended = await dora.types(
    `/quay mirror create ${organization}/tour-extended-${suffix} quay.io/minio/mc tags=latest,foo,bar interval=1h enabled=no unsigned_images=yes verify_tls=no http_proxy=http://proxy.example.com:3128`,
  )
  expect(JSON.stringify(extended.blocks)).toContain('quay.io/minio/mc')
  tick('15.4.9 mirror create, extended', extended)
})
