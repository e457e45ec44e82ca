import { z } from 'zod'
import { secondsOf } from '../../draw/duration.ts'
import { fieldProblem } from '../../draw/field-problem.ts'
import { checkPassword, mirrorChange, mirrorFields, mirrorMade } from '../../draw/mirror.ts'
import { Failure } from '../../failure.ts'
import type { Sentence } from '../../language.ts'
import { operation, type Run } from '../../operation.ts'
import { giveDefaultPermissions, leaveRepository } from '../../quay/hand-over.ts'
import { type Quay, quayAnswer } from '../../quay/http.ts'
import { createMirror, findMirror } from '../../quay/mirrors.ts'
import { namespaceOf, newRepositoryName } from '../../quay/names.ts'
import { findPermission, setPermission } from '../../quay/permissions.ts'
import { createRepository, findRepository, pageOf } from '../../quay/repositories.ts'
import { createRobot, findRobot } from '../../quay/robots.ts'
import { checkRight } from '../../rights/rights.ts'

const input = z.strictObject({
  repository: newRepositoryName
    .meta({ of: 'new-repository' })
    .describe('The repository that Quay fills, as namespace/name; made when it is missing'),
  ...mirrorFields,
  tags: mirrorFields.tags.default(['latest']),
  interval: mirrorFields.interval.default('10m'),
  robot: mirrorFields.robot.describe('Who pushes, of the same namespace; its robot “mirror” when left out, made when it is missing'),
})

type Input = z.output<typeof input>

export default operation({
  summary: 'Mirror a repository of another registry',
  help: 'From then on Quay fills the repository, and nobody can push to it. A repository that is missing is made first and handed over to you: that takes the creator role; one that exists takes an admin of it, and so does making a missing robot. With a password, type the command alone: the modal asks for it, and it is never shown again.',
  input,
  examples: [
    'mirror create acme/mc quay.io/minio/mc',
    'mirror create acme/mc quay.io/minio/mc tags=latest,v3.* interval=6h start=2026-12-01T00:00:00Z enabled=no',
  ],
  needs: [{ right: 'create', on: 'repository' }],
  calls: ['POST /repository/{repository}/mirror'],
  changes: {
    effects: ['creates', 'overwrites'],
    // A new repository of which the bot is admin is what the lost attempt left: only the hand-over ends that.
    repeat: async (run) => {
      const { quay, input } = run
      const [found, created] = await Promise.all([findMirror(quay, input.repository), isOurs(quay, input.repository)])
      if (!found) return created ? { result: await mirrored(run, created) } : undefined
      if (found.reference !== input.external_reference || found.tags.join() !== input.tags.join()) return
      return { result: shown(pageOf(quay, input.repository), input, found.start, found.robot, { created, robotMade: false }) }
    },
  },
  run: async (run) => {
    checkPassword(run.input)
    return mirrored(run, await makeRepository(run))
  },
  // Only what this made is handed over (security.md rule 4).
  after: ({ repository }, { account = '' }, result) =>
    result?.created && namespaceOf(repository) !== account
      ? [
          {
            name: said('Give {account} the role admin on {repository}', { account, repository }),
            run: ({ quay }) => setPermission(quay, repository, { kind: 'user', name: account, role: 'admin' }),
          },
          {
            name: said('Apply the default permissions of {account} to {repository}', { account, repository }),
            run: ({ quay }) => giveDefaultPermissions(quay, repository, account),
          },
          {
            name: said('Take Quaymaster’s own permission on {repository} away', { repository }),
            run: ({ quay }) => leaveRepository(quay, repository, [account]),
          },
        ]
      : [],
  view: mirrorMade,
})

/** What is left when the repository is there; `created`: this has made it. */
async function mirrored(run: Run<Input>, created: boolean) {
  const { quay, bot, input } = run
  const robot = input.robot ?? `${namespaceOf(input.repository)}+mirror`
  const start = input.start ?? new Date(bot.clock()).toISOString()
  const robotMade = await makeRobot(run, robot)
  await createMirror(quay, input.repository, {
    ...mirrorChange(input),
    reference: input.external_reference,
    tags: input.tags,
    interval: secondsOf(input.interval),
    username: input.username ?? '',
    start,
    robot,
  }).catch(at('The repository {repository} and the robot {robot} are there, but Quay does not make a mirror of it: {words}', input, robot))
  return shown(pageOf(quay, input.repository), input, start, robot, { created, robotMade })
}

async function isOurs(quay: Quay, repository: string) {
  const { account } = quay.facts
  if (account === undefined || !(await findRepository(quay, repository))) return false
  return (await findPermission(quay, repository, { kind: 'user', name: account })) === 'admin'
}

function shown(
  url: string,
  { repository, external_reference: reference, tags, interval, enabled = true }: Input,
  start: string,
  robot: string,
  made: { created: boolean; robotMade: boolean },
) {
  return { repository, url, reference, tags, seconds: secondsOf(interval), start, enabled, robot, ...made }
}

/** Whether it was missing. One that exists takes an admin, as in Quay, and must not be a mirror yet. */
async function makeRepository({ quay, bot, person, input }: Run<Input>) {
  const { repository } = input
  if (await findRepository(quay, repository)) {
    await checkRight(bot, person, { right: 'admin', object: repository }, { fresh: true })
    const mirror = await findMirror(quay, repository)
    if (mirror) {
      const values = { repository, reference: mirror.reference, command: `/quay mirror edit ${repository}` }
      throw new Failure('conflict', '{repository} is a mirror already, of {reference}. Change it with {command}.', values)
    }
    return false
  }
  await createRepository(quay, { repository, visibility: 'private', description: '' }).catch(
    at('The repository {repository} could not be made, so there is no mirror. Quay says: {words}', input, ''),
  )
  return true
}

/** Whether it was missing: making one takes an admin of the organisation. */
async function makeRobot({ quay, bot, person, input }: Run<Input>, robot: string) {
  const namespace = namespaceOf(robot)
  if (namespace !== namespaceOf(input.repository)) {
    throw fieldProblem('robot', 'Quay takes only a robot of {namespace} here.', { namespace: namespaceOf(input.repository) })
  }
  if (await findRobot(quay, robot)) return false
  await checkRight(bot, person, { right: 'admin', object: namespace }, { fresh: true })
  await createRobot(quay, robot, { description: 'Fills mirrors' }).catch(
    at(
      'The robot {robot} could not be made. The repository {repository} is there: run it again when this is mended. Quay says: {words}',
      input,
      robot,
    ),
  )
  return true
}

/** Names the step that Quay refused. What Quay did not answer stays as it is: nobody knows. */
function at(message: string, { repository }: Input, robot: string) {
  return (error: unknown): never => {
    const answer = quayAnswer(error)
    if (!(error instanceof Failure) || error.code === 'unavailable' || !answer) throw error
    throw new Failure(error.code, message, { repository, robot, words: answer.words }, { cause: error.cause })
  }
}

function said(message: string, values: Sentence['values']): Sentence {
  return { message, values }
}
