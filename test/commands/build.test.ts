import { expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const archive = 'https://downloads.example.com/api.tar.gz'
const archives = { hosts: ['*.example.com'] }

const started = async () => {
  const all = await startBot({ policy: { archives, approvals: [] } })
  const builds = () => all.quay.registry.repositories.find(({ name }) => name === 'api')?.builds ?? []
  const newest = () => builds().at(-1)?.uuid ?? ''
  return { ...all, builds, newest }
}

test('a writer starts a build, follows it, and starts it again; everybody else is told what they lack', async () => {
  const { alice, bea, quay, builds, newest, changes, clock } = await started()

  const dry = await alice.types(`/quay build start acme/api ${archive} --dry-run`)
  expect(dry.text).toContain('POST /api/v1/repository/acme/api/build/')
  expect(changes()).toEqual([])

  const reply = await alice.types(`/quay build start acme/api ${archive}?sig=abc docker_tags="bad tag!,v2" subdirectory=/server`)
  expect(reply.text).toMatch(/:hourglass: <http.*\|acme\/api>: build queued, waiting for a builder\./)
  const drawn = JSON.stringify(reply.blocks)
  expect(drawn).toContain('Quay does not accept the tags `bad tag!`, `v2`. It used `bad_tag_`, `v2`.')
  expect(drawn).toContain(newest())
  expect(drawn).toContain('/server/Dockerfile')
  expect(drawn).not.toContain('sig=abc')
  expect(changes()).toEqual(['POST /api/v1/repository/acme/api/build/'])

  const cancelled = await alice.types(`/quay build cancel acme/api ${newest()}`)
  expect(cancelled.text).toContain('You need to be an *admin* of acme/api.')
  expect((await bea.types(`/quay build cancel acme/api ${newest()}`)).text).toBe(
    `Cancelled build \`${newest()?.slice(0, 8)}\` of *acme/api*.`,
  )
  expect((await bea.types(`/quay build cancel acme/api ${newest()}`)).text).toBe(
    'Quay can cancel only queued builds: this one is already running or finished.',
  )

  const again = await alice.types(`/quay build retry acme/api ${newest()}`)
  expect(JSON.stringify(again.blocks)).toContain('Retry of build')
  expect(builds().at(-1)).toMatchObject({
    archiveUrl: `${archive}?sig=abc`,
    tags: ['bad_tag_', 'v2'],
    dockerfilePath: '/server/Dockerfile',
  })

  clock.advance(60_000)
  quay.tick()
  expect((await alice.types('/quay build show acme/api')).text).toContain(':white_check_mark:')
  expect((await alice.types('/quay build show acme/api nonsense')).text).toBe('acme/api has no build nonsense.')
  // Where the archive is Quay tells only those who may write.
  expect(JSON.stringify((await alice.types('/quay build show acme/api')).blocks)).toContain('downloads.example.com')
  const site = quay.registry.repositories.find(({ name }) => name === 'site')
  site?.builds.push(...builds().slice(0, 1))
  const toReader = await alice.types('/quay build show globex/site')
  expect(toReader.text).toContain('globex/site>: build succeeded')
  expect(JSON.stringify(toReader.blocks)).not.toContain('downloads.example.com')
  const list = await alice.types('/quay build list acme/api')
  expect(list.text).toMatch(/^Latest builds of \*acme\/api\*: /)
  expect(JSON.stringify(list.blocks)).toMatch(/succeeded.*cancelled.*succeeded.*failed/)

  expect((await alice.types(`/quay build start globex/site ${archive}`)).text).toContain('You need *write* permission on globex/site.')
  expect((await alice.types('/quay build list globex/secret')).text).toContain('You need *read* permission on globex/secret.')
  quay.faults({ status: 503 })
  expect((await alice.types('/quay build list acme/api')).text).toBe('Quay is not available right now.')
})

test('a build may pull as a robot only for an admin of its namespace, when it is started and when it is repeated', async () => {
  const { alice, bea, carl, quay, newest, changes } = await started()
  const command = `/quay build start acme/api ${archive} pull_robot=acme+deploy`
  expect((await alice.types(command)).text).toContain('You need to be an *admin* of acme.')
  expect(changes()).toEqual([])

  expect(JSON.stringify((await bea.types(command)).blocks)).toContain('Pull robot')
  expect((await alice.types(`/quay build retry acme/api ${newest()}`)).text).toContain('You need to be an *admin* of acme.')
  expect(JSON.stringify((await carl.types(`/quay build retry acme/api ${newest()}`)).blocks)).toContain('Retry of build')

  expect((await bea.types(`/quay build start acme/api ${archive} pull_robot=acme+nobody`)).text).toBe(
    'Quay has no robot account acme+nobody.',
  )
  quay.registry.buildQueueLimit = 0
  expect((await bea.types(`/quay build start acme/api ${archive}`)).text).toBe(
    'Too many builds are queued in Quay. Try again when some of them have finished.',
  )
})

test('what cannot be built from is refused before Quay hears of it, under the name of the field', async () => {
  const { alice, changes } = await started()
  const rows = [
    ['acme/api file_id=abc', 'Unknown field file_id. Did you mean archive_url?'],
    [`acme/api ${archive} file_id=abc`, 'Unknown field file_id. Did you mean archive_url?'],
    [`acme/api ${archive} latest file_id=abc`, 'Unknown field file_id. Did you mean archive_url?'],
    ['acme/api ftp://example.com/a.tgz', 'Archive URL: Enter the URL of a tar or zip file'],
    ['acme/api https://bea:pw@files.example.com/a.tgz', 'without a username and password'],
    ['acme/api https://169.254.169.254/a.tgz', 'Use a host name instead of the IP address 169.254.169.254.'],
    [
      'acme/api http://localhost/a.tgz',
      'localhost is in a private network. Quay fetches the archive later, from its own network: an operator can allow the host in the policy, under archives.hosts.',
    ],
    [`acme/api ${archive} subdirectory=/a dockerfile_path=/b/Dockerfile`, 'Enter either a subdirectory or a Dockerfile path, not both.'],
  ] as const
  for (const [words, sentence] of sampled(rows, 2, 1)) {
    expect((await alice.types(`/quay build start ${words}`)).text).toContain(sentence)
  }
  expect(changes()).toEqual([])
})

test('the log of a failed build begins with its end, turns back, and comes whole as a file', async () => {
  const { alice, quay, builds, newest, clock } = await started()
  await alice.types('/quay build start acme/api https://downloads.example.com/fail.zip')
  clock.advance(60_000)
  quay.tick()
  const { logs } = builds().at(-1) ?? { logs: [] }
  logs.splice(1, 0, ...Array.from({ length: 75 }, (_, index) => ({ message: `line ${index} \u001b[31mred\u001b[0m\n` })))

  const last = await alice.types('/quay build logs acme/api')
  const drawn = JSON.stringify(last.blocks)
  expect(last.text).toMatch(/^Build log of <.*\|acme\/api>: failed$/)
  expect(drawn).toMatch(/\*building\*.*✗ The command .* returned a non-zero code: 2/)
  expect(drawn).toContain('line 74 red')
  expect(drawn).toContain(`/quay build retry acme/api ${newest()?.slice(0, 8)}`)

  const older = await alice.presses('Older', last)
  expect(JSON.stringify(older.blocks)).toMatch(/line 30 red.*line 50 red/)

  await alice.types('/quay build logs acme/api whole=yes')
  await expect.poll(async () => JSON.stringify(await alice.sees('alice'))).toContain(`build-${newest()}.log`)

  // Reading is not enough, not even of a public repository.
  expect((await alice.types('/quay build logs globex/site')).text).toContain('You need *write* permission on globex/site.')
})

test('Quay builds but its answer is lost: the build that is under way is found and not started twice', async () => {
  const { alice, quay, builds } = await started()
  const before = builds().length
  quay.faults({ cut: true, match: 'POST ', times: 1 })
  expect((await alice.types(`/quay build start acme/api ${archive} docker_tags=v9`)).text).toContain('waiting for a builder')
  expect(builds().length).toBe(before + 1)
})
