import { z } from 'zod'
import { command, type Run, type Step } from '../../command/command.ts'
import { repositoryFacts, robotFacts } from '../../command/facts.ts'
import { checkPassword, type MirrorMade, mirrorChange, mirrorFields, mirrorMade, plannedMirror } from '../../command/mirror-fields.ts'
import { holdsWrite, isRefused, makeRepository, makeRobot, refusedAt, robotOf, takeBack, withRobot } from '../../command/mirror-parts.ts'
import { checkOwnRepository } from '../../command/same-object.ts'
import { giveToCreator, leaveStep } from '../../command/transfer-ownership.ts'
import { secondsOf } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { slash } from '../../core/slash-command.ts'
import { findMirrorLoss } from '../../quay/mirror-loss.ts'
import { createMirror, findMirror, type Mirror, readMirror } from '../../quay/mirrors.ts'
import { namespaceOf, newRepositoryName } from '../../quay/names.ts'
import { findPermission } from '../../quay/permissions.ts'
import { readBack } from '../../quay/read-back.ts'
import type { Quay } from '../../quay/registry.ts'
import { findRepository, pageOf } from '../../quay/repositories.ts'
import { leaveRepository } from '../../quay/transfer-ownership.ts'
import { code, link, message } from '../../slack/blocks.ts'
import { mirrorLossView } from '../../slack/views/mirror-loss.ts'

const input = z.strictObject({
  repository: newRepositoryName
    .meta({ title: 'Repository', of: 'new-repository' })
    .describe('Repository to sync into, as namespace/name (created if missing)'),
  ...mirrorFields,
  tags: mirrorFields.tags.default(['latest']).meta({ title: 'Tags' }),
  interval: mirrorFields.interval.default('10m').meta({ title: 'Sync interval' }),
  robot: mirrorFields.robot
    .meta({ title: 'Robot account' })
    .describe('Robot account in the same organization (default: `mirror`, created if missing)'),
})

type Input = z.output<typeof input>

export default command({
  summary: 'Mirror an external repository',
  help: 'Quay then syncs the repository: nobody can push to it, and tags that are not in the external repository are deleted. A missing repository is created and you become its admin, which needs the creator role. An existing one needs admin permission, as does creating a missing robot account. To set a password, type the command alone and use the dialog; the password is never shown again.',
  input,
  examples: [
    'mirror create acme/mc quay.io/minio/mc',
    'mirror create acme/mc quay.io/minio/mc tags=latest,v3.* interval=6h start=2026-12-01T00:00:00Z enabled=no',
  ],
  aliases: [
    'import',
    'add',
    'setup',
    'set up',
    'new',
    'start mirroring',
    'replicate',
    'mirror',
    'import-image',
    'import image',
    'replicate from',
  ],
  permissions: [{ permission: 'create', on: 'repository', existing: 'admin' }],
  calls: ['POST /repository/{repository}/mirror'],
  check: (given) => {
    checkPassword(given)
    const namespace = namespaceOf(given.repository)
    if (namespaceOf(robotOf(given)) !== namespace)
      throw fieldProblem('robot', 'The robot account must belong to {namespace}.', { namespace })
  },
  changes: {
    // Whether there are tags that go only Quay knows: the preview counts them.
    effects: ['creates', 'overwrites', 'destroys'],
    facts: async (run) => ({
      ...(await repositoryFacts(run.quay, run.input.repository)),
      ...(await robotFacts(run.quay, robotOf(run.input))),
    }),
    // A new repository of which the bot is admin is what the lost attempt left: only the hand-over ends that.
    retry: async (run) => {
      if (await isOurs(run)) return { result: await mirrored(run, { created: true, robotMade: false }) }
      const found = await findMirror(run.quay, run.input.repository)
      return found && isAsAsked(run, found) ? { result: made(run, found, { created: false, robotMade: false }) } : undefined
    },
  },
  preview: {
    read: async (run) => {
      const { repository, external_reference: reference, tags, password } = run.input
      const isThere = await checkRepository(run)
      const loss = isThere ? await findMirrorLoss(run.quay, repository, tags) : undefined
      // A press comes without the password, which is kept nowhere.
      if (loss && password !== undefined)
        throw new Failure(
          'conflict',
          'The mirror can delete tags of {repository}, so you must confirm it first, and a password is not kept until then. Create it without the password and with enabled=no, then add the password with {command}.',
          { repository, command: slash('mirror edit') },
        )
      return loss && { repository, url: pageOf(run.quay, repository), reference, ...loss }
    },
    view: ({ repository, url, reference, ...loss }, t) =>
      message(
        t('Make {repository} a mirror of {reference}?', { repository: link(url, repository), reference: code(reference) }),
        ...mirrorLossView(repository, reference, loss, t),
      ),
  },
  run: async (run) => {
    const isThere = await checkRepository(run)
    const robotMade = await makeRobot(run, !isThere)
    if (!isThere) await makeRepository(run, robotMade === true)
    return mirrored(run, { created: !isThere, robotMade, isNew: !isThere })
  },
  // Only what this made is handed over. What Quay refused has left nothing behind; what it did not answer is still to be done.
  after: {
    steps: (input, { account = '' }, result) => {
      if (!result) return []
      // Release 0.1.0 left the mirror of a repository that was there before to a step, too.
      if (!result.created) return result.mirror ? [] : [setUp(input, result, account)]
      const { repository } = input
      return [
        ...giveToCreator(repository, account),
        ...(result.mirror ? [] : [setUp(input, result, account)]),
        leaveStep(repository, [account]),
      ]
    },
    checkObject: async (run, { created }, begun) => {
      if (created) return checkOwnRepository(run, run.input.repository, begun)
      throw new Failure(
        'conflict',
        'This step comes from an earlier release of Quaymaster, which did not store enough to continue. Run {command} again.',
        { command: slash('mirror create') },
      )
    },
  },
  view: mirrorMade,
})

type Made = Pick<MirrorMade, 'created' | 'robotMade'>
/** `robotMade` undefined: Quay is to say whether it is there. `isNew`: the repository was made just now. */
type Mirroring = Pick<Made, 'created'> & { robotMade: boolean | undefined; isNew?: boolean }

/** As Quay has it, for the reply. */
function made(run: Run<Input>, mirror: Mirror, rest: Made): MirrorMade {
  return { ...shown(run), mirror, asAsked: isAsAsked(run, mirror), ...rest }
}

function shown({ quay, input: { repository, external_reference: reference, password } }: Run<Input>) {
  return { repository, url: pageOf(quay, repository), reference, signsIn: password !== undefined }
}

function isAsAsked(run: Run<Input>, { reference, tags, interval, robot, enabled }: Mirror) {
  const { external_reference: wanted, tags: patterns, interval: every, enabled: runs = true } = run.input
  return (
    reference === wanted &&
    tags.join() === patterns.join() &&
    interval === secondsOf(every) &&
    robot === robotOf(run.input) &&
    enabled === runs
  )
}

async function isOurs({ quay, input: { repository } }: Run<Input>) {
  const { account } = quay.capabilities
  if (account === undefined || !(await findRepository(quay, repository))) return false
  return (await findPermission(quay, repository, { kind: 'user', name: account })) === 'admin'
}

/** Whether it is there. Then it must not be a mirror yet. */
async function checkRepository({ quay, input: { repository } }: Run<Input>) {
  if (!(await findRepository(quay, repository))) return false
  const mirror = await findMirror(quay, repository)
  if (mirror) {
    const values = { repository, reference: mirror.reference, command: slash(`mirror edit ${repository}`) }
    throw new Failure('conflict', '{repository} is already a mirror of {reference}. Change it with {command}.', values)
  }
  return true
}

/**
 * The mirror itself, read back. What Quay refuses takes with it what this run has made for it. What it does not answer is left to a
 * step where this run has made the repository: that is the person's first.
 */
async function mirrored(run: Run<Input>, { isNew, created, robotMade }: Mirroring): Promise<MirrorMade> {
  const { quay, bot, input } = run
  const rest = { created, robotMade: robotMade === true }
  const start = input.start ?? new Date(bot.clock()).toISOString()
  const setNow = () => set(quay, input, start, isNew)
  const noteRobot = () => {
    rest.robotMade = true
  }
  // On a repository that goes altogether nobody needs to know.
  const granted = !rest.created && (await holdsWrite(run))
  try {
    const mirror = robotMade === undefined ? await withRobot(run, setNow, { isChecked: true, onMade: noteRobot }) : await setNow()
    return made(run, mirror, rest)
  } catch (error) {
    if (isRefused(error)) {
      await takeBack(run, rest, granted)
      return refusedAt('The mirror was not created, and what was created for it was deleted again. Quay says: {words}', {})(error)
    }
    if (!(error instanceof Failure) || !rest.created) throw error
    return { ...shown(run), mirror: undefined, asAsked: true, ...rest }
  }
}

/** Makes the mirror where it is missing: the answer to an earlier attempt may have been lost. `isNew`: the repository was made just now. */
async function set(quay: Quay, input: Input, start: string, isNew = false): Promise<Mirror> {
  const { repository, external_reference: reference, tags, username = '', interval } = input
  const settings = { ...mirrorChange(input), reference, tags, interval: secondsOf(interval), username, start, robot: robotOf(input) }
  if (isNew || !(await findMirror(quay, repository))) await createMirror(quay, repository, settings)
  return readBack(quay, plannedMirror(input, robotOf(input)), () => readMirror(quay, repository))
}

function setUp(input: Input, { repository, reference, signsIn }: MirrorMade, account: string): Step {
  return {
    name: { message: 'Make {repository} a mirror of {reference}', values: { repository, reference } },
    permissions: [{ permission: 'admin', object: repository }],
    run: async ({ quay, bot, person }) => {
      // A password is kept for no later attempt.
      if (signsIn && input.password === undefined && !(await findMirror(quay, repository))) {
        const command = slash(`mirror create ${repository}`)
        throw new Failure('conflict', 'The password was not kept. Type {command} and enter everything again in the dialog.', { command })
      }
      const start = input.start ?? new Date(bot.clock()).toISOString()
      await withRobot({ quay, bot, person, input }, () => set(quay, input, start), { isChecked: false }).catch(async (error) => {
        // The plan ends here, so the bot stays no admin of what is not its own.
        if (isRefused(error)) await leaveRepository(quay, repository, [account])
        return refusedAt('Quay can’t make it a mirror: {words}', {})(error)
      })
    },
  }
}
