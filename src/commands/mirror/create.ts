import { z } from 'zod'
import { operation, type Run, type Step } from '../../command/command.ts'
import { checkPassword, mirrorChange, mirrorFields, mirrorMade } from '../../command/mirror-fields.ts'
import { giveToCreator, leaveStep } from '../../command/transfer-ownership.ts'
import { secondsOf } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import type { Sentence } from '../../core/i18n.ts'
import { quayAnswer } from '../../quay/http.ts'
import { createMirror, findMirror } from '../../quay/mirrors.ts'
import { namespaceOf, newRepositoryName } from '../../quay/names.ts'
import { findPermission } from '../../quay/permissions.ts'
import { createRepository, findRepository, pageOf } from '../../quay/repositories.ts'
import { createRobot, findRobot } from '../../quay/robots.ts'
import { checkRight } from '../../security/permissions.ts'

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
    repeat: async (run) => ((await isOurs(run)) ? { result: { ...wanted(run), created: true, robotMade: false } } : undefined),
  },
  run: async (run) => {
    checkPassword(run.input)
    const isThere = await checkRepository(run)
    const robotMade = await makeRobot(run)
    if (!isThere) await makeRepository(run)
    return { ...wanted(run), created: !isThere, robotMade }
  },
  // Only what this made is handed over. It is the person's before Quay may refuse the mirror, so that they can go on.
  after: (input, { account = '' }, result) => {
    if (!result) return []
    const { repository, reference, created } = result
    const setUp = { name: said('Let {repository} mirror {reference}', { repository, reference }), run: mirroring(input, result) }
    return created ? [...giveToCreator(repository, account), setUp, leaveStep(repository, [account])] : [setUp]
  },
  view: mirrorMade,
})

/** What is to be set up, as it is shown. */
function wanted({ quay, bot, input }: Run<Input>) {
  const { repository, external_reference: reference, tags, interval, enabled = true, password } = input
  const robot = input.robot ?? `${namespaceOf(repository)}+mirror`
  const start = input.start ?? new Date(bot.clock()).toISOString()
  const url = pageOf(quay, repository)
  return { repository, url, reference, tags, seconds: secondsOf(interval), start, enabled, robot, signsIn: password !== undefined }
}

async function isOurs({ quay, input: { repository } }: Run<Input>) {
  const { account } = quay.facts
  if (account === undefined || !(await findRepository(quay, repository))) return false
  return (await findPermission(quay, repository, { kind: 'user', name: account })) === 'admin'
}

/** Whether it is there. Then it takes an admin, as in Quay, and must not be a mirror yet. */
async function checkRepository({ quay, bot, person, input: { repository } }: Run<Input>) {
  if (!(await findRepository(quay, repository))) return false
  await checkRight(bot, person, { right: 'admin', object: repository }, { fresh: true })
  const mirror = await findMirror(quay, repository)
  if (mirror) {
    const values = { repository, reference: mirror.reference, command: `/quay mirror edit ${repository}` }
    throw new Failure('conflict', '{repository} is a mirror already, of {reference}. Change it with {command}.', values)
  }
  return true
}

/** Whether it was missing: making one takes an admin of the organisation. */
async function makeRobot(run: Run<Input>) {
  const { quay, bot, person, input } = run
  const { robot } = wanted(run)
  const namespace = namespaceOf(robot)
  if (namespace !== namespaceOf(input.repository)) {
    throw fieldProblem('robot', 'Quay takes only a robot of {namespace} here.', { namespace: namespaceOf(input.repository) })
  }
  if (await findRobot(quay, robot)) return false
  await checkRight(bot, person, { right: 'admin', object: namespace }, { fresh: true })
  await createRobot(quay, robot, { description: 'Fills mirrors' }).catch(
    at('The robot {robot} could not be made, so nothing was: {words}', { robot }),
  )
  return true
}

async function makeRepository({ quay, input: { repository } }: Run<Input>) {
  await createRepository(quay, { repository, visibility: 'private', description: '' }).catch(
    at('The repository {repository} could not be made, so there is no mirror: {words}', { repository }),
  )
}

/** The mirror itself. Harmless to repeat: what the answer to it was lost for is found, and left alone. */
function mirroring(input: Input, { repository, reference, tags, start, robot, signsIn }: ReturnType<typeof wanted>): Step['run'] {
  return async ({ quay }) => {
    const found = await findMirror(quay, repository)
    if (found?.reference === reference && found.tags.join() === tags.join()) return
    // A password is kept for no later attempt.
    if (signsIn && input.password === undefined) {
      const command = `/quay mirror create ${repository}`
      throw new Failure('conflict', 'The password was not kept. Type {command}, and the modal asks for all of it again.', { command })
    }
    const { username = '', interval } = input
    const settings = { ...mirrorChange(input), reference, tags, interval: secondsOf(interval), username, start, robot }
    await createMirror(quay, repository, settings).catch(at('Quay does not make a mirror of it: {words}', {}))
  }
}

/** Says what Quay refused. What Quay did not answer stays as it is: nobody knows. */
function at(message: string, values: Sentence['values']) {
  return (error: unknown): never => {
    const answer = quayAnswer(error)
    if (!(error instanceof Failure) || error.code === 'unavailable' || !answer) throw error
    throw new Failure(error.code, message, { ...values, words: answer.words }, { cause: error.cause })
  }
}

function said(message: string, values: Sentence['values']): Sentence {
  return { message, values }
}
