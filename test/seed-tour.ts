import { expect } from 'vitest'
import { buttonOf } from '../src/surfaces/modals/titles.ts'
import { allOf } from './commands/drawn.ts'
import type { PersonAtSlack, Seen } from './people.ts'

/** One of the nine parts of the document: done, or in the registry's own words why not. */
export interface Tick {
  part: string
  lacking: string | undefined
}

interface Tour {
  /** A superuser, who owns the organization. */
  person: PersonAtSlack
  organization: string
  /** Names nothing that is there. */
  suffix: string
  /** A group of the directory, where accounts come from one. */
  group: string
}

/** Why a part could not be done. */
class Lacking extends Error {}

/** The nine parts of “15.4 Accessing the API from the command line”, through Slack’s front door. What it made is gone afterwards. */
export async function tourSeed(tour: Tour): Promise<Tick[]> {
  const ticks: Tick[] = []
  try {
    for (const [part, run] of parts) ticks.push({ part, lacking: await reasonOf(() => run(tour)) })
  } finally {
    await cleanUp(tour)
  }
  return ticks
}

export function lineOf({ part, lacking }: Tick) {
  return lacking === undefined ? `  ✓ ${part}` : `  – ${part}: ${lacking}`
}

async function reasonOf(run: () => Promise<void>) {
  try {
    await run()
    return undefined
  } catch (error) {
    if (error instanceof Lacking) return error.message
    throw error
  }
}

const parts: [part: string, run: (tour: Tour) => Promise<void>][] = [
  ['15.4.1 superuser information: users, and which are superusers', listUsers],
  ['15.4.2 create a user, to become a superuser', createUser],
  ['15.4.3 usage logs, page by page', readLogs],
  ['15.4.4 directory synchronization of a team, on and off', syncTeam],
  ['15.4.6 a robot account of an organization', createRobot],
  ['15.4.8 a private repository', createRepository],
  ['15.4.5 a build with tags, a subdirectory and a pull robot', startBuild],
  ['15.4.7 a build without options, by the modal', startBuildByModal],
  ['15.4.9 a mirrored repository, minimal and extended', createMirrors],
]

/** Types a command that has to come to this; what else comes of it is why the part is lacking. */
async function types({ person }: Tour, command: string, wanted: RegExp, channel?: string): Promise<Seen> {
  return came(await person.types(`/quay ${command}`, channel), wanted)
}

function came(reply: Seen, wanted: RegExp): Seen {
  const said = allOf(reply)
  expect(said).not.toMatch(/Something went wrong|Unauthorized/)
  if (!wanted.test(said)) throw new Lacking(said.split('\n').filter(Boolean).slice(0, 2).join(' '))
  return reply
}

async function listUsers(tour: Tour) {
  await types(tour, 'user list', /superuser/i, tour.person.name)
}

async function createUser(tour: Tour) {
  const { person, suffix } = tour
  const reply = await types(tour, `user create tour${suffix} email=tour${suffix}@example.com superuser=yes`, /SUPER_USERS/)
  expect(reply.text).toContain(`tour${suffix}`)
  await person.finds(/credential:reveal/)
}

async function readLogs(tour: Tour) {
  const { person } = tour
  const first = await types(tour, 'logs from=2020-01-01', /Usage logs of the registry/, person.name)
  // Quay takes its window of two days anew for every page, so the headings may be a second apart.
  if (!JSON.stringify(first.blocks).includes('"Older"')) return
  const older = came(await person.presses('Older', first, person.name), /Usage logs of the registry/)
  expect(older.blocks).not.toEqual(first.blocks)
}

async function syncTeam(tour: Tour) {
  const { person, organization, suffix, group } = tour
  const team = `${organization} tour${suffix}`
  await types(tour, `team create ${team}`, /Created team/)
  const preview = await types(tour, `team sync ${team} "${group}"`, /preview|\?|will|now/i)
  if (!JSON.stringify(preview.blocks).includes('preview:confirm')) throw new Lacking(preview.text)
  came(await person.presses(buttonOf('team sync'), preview), /cn=/)
  await types(tour, `team unsync ${team}`, new RegExp(`tour${suffix}`))
}

async function createRobot(tour: Tour) {
  await types(tour, `robot create ${robotOf(tour)}`, /Created robot account .*\. Its token is in your direct messages\./)
}

async function createRepository(tour: Tour) {
  await types(tour, `repo create ${repositoryOf(tour)} description="Made on a tour" visibility=private`, /Created <|Created `/)
}

const archive = 'https://downloads.example.com/app.tar.gz'

async function startBuild(tour: Tour) {
  const options = `docker_tags=latest,v1 subdirectory=/server pull_robot=${robotOf(tour)}`
  await types(tour, `build start ${repositoryOf(tour)} ${archive} ${options}`, /`v1`/)
}

async function startBuildByModal(tour: Tour) {
  const { person } = tour
  const modal = await person.opens('/quay build start')
  await person.submits(modal, { repository: repositoryOf(tour), archive_url: archive })
  const { blocks } = await person.looksAt(modal)
  const said = allOf({ blocks })
  // A refused modal begins with what it is for.
  if (!said.includes('waiting for a builder')) throw new Lacking(said.split('\n').filter(Boolean).slice(1, 3).join(' '))
}

async function createMirrors(tour: Tour) {
  const robot = `robot=${robotOf(tour)}`
  await types(tour, `mirror create ${repositoryOf(tour)}-mc quay.io/minio/mc ${robot}`, /quay\.io\/minio\/mc/)
  await types(
    tour,
    `mirror create ${repositoryOf(tour)}-extended quay.io/minio/mc ${robot} tags=latest,foo,bar interval=1h enabled=no unsigned_images=yes verify_tls=no http_proxy=http://proxy.example.com:3128`,
    /quay\.io\/minio\/mc/,
  )
}

const robotOf = ({ organization, suffix }: Tour) => `${organization}+tour${suffix}`
const repositoryOf = ({ organization, suffix }: Tour) => `${organization}/tour-${suffix}`

/** Deletes whatever the tour made: what it did not make is not there, and is said to be so. */
async function cleanUp(tour: Tour) {
  const { person, organization, suffix } = tour
  const repository = repositoryOf(tour)
  for (const command of [
    ...['', '-mc', '-extended'].map((ending) => `repo delete ${repository}${ending}`),
    `robot delete ${robotOf(tour)}`,
    `team delete ${organization} tour${suffix}`,
    `user delete tour${suffix}`,
  ]) {
    const preview = await person.types(`/quay ${command}`)
    const asks = JSON.stringify(preview.blocks).includes('preview:confirm')
    if (asks) await person.presses(buttonOf(command.split(' ').slice(0, 2).join(' ')), preview)
  }
}
