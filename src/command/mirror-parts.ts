import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { quayAnswer } from '../quay/http.ts'
import { namespaceOf } from '../quay/names.ts'
import { findPermission, removePermission } from '../quay/permissions.ts'
import type { Quay } from '../quay/registry.ts'
import { createRepository, deleteRepository } from '../quay/repositories.ts'
import { createRobot, deleteRobot, findRobot } from '../quay/robots.ts'
import { checkPermission, effectivePermission, hasPermission } from '../security/permissions.ts'
import type { Run } from './command.ts'
import type { MirrorMade } from './mirror-fields.ts'

// The robot account and the repository that a mirror needs, made before it and taken back where Quay refuses it.

/** Of the input of `mirror create` what these need. */
export interface MirrorInput {
  repository: string
  robot?: string | undefined
}

/**
 * Whether the robot account was missing: making one takes an admin of the organization. Undefined: for an admin's new repository Quay is
 * not asked for all robot accounts first, because it says itself if this one is missing (`withRobot`).
 */
export async function makeRobot(run: Run<MirrorInput>, isNew: boolean): Promise<boolean | undefined> {
  const { quay, bot, person, input } = run
  const robot = robotOf(input)
  const namespace = namespaceOf(robot)
  if (isNew && (await isTeamAdmin(run, namespace))) return undefined
  // Looked for first, so that one whose answer was lost is not made again.
  if (await findRobot(quay, robot)) return false
  await checkPermission(bot, person, { permission: 'admin', object: namespace }, { bypassCache: true })
  try {
    await newRobot(quay, robot)
    return true
  } catch (error) {
    if (isThere(error)) return false
    return refusedAt('Robot account {robot} could not be created, so nothing was created: {words}', { robot })(error)
  }
}

/** An admin by a team, so there is such an organization. A dry run goes by what there is. */
async function isTeamAdmin({ quay, bot, person }: Run<MirrorInput>, namespace: string) {
  if (quay.dryRunCalls || person.user?.superuser || namespace === person.account) return false
  return hasPermission(await effectivePermission(bot, person, namespace, { bypassCache: true }), 'admin')
}

/** `isChecked`: this execution has found the person to be an admin of the organization (`makeRobot`). */
interface Making {
  isChecked: boolean
  onMade?: () => void
}

/** Does what needs the robot account, and if Quay has none of that name, makes it, says so, and does it again. */
export async function withRobot<Done>(
  run: Pick<Run<MirrorInput>, 'quay' | 'bot' | 'person' | 'input'>,
  work: () => Promise<Done>,
  { isChecked, onMade }: Making,
): Promise<Done> {
  try {
    return await work()
  } catch (error) {
    if (!lacksRobot(error)) throw error
  }
  const { quay, bot, person } = run
  const robot = robotOf(run.input)
  if (!isChecked) await checkPermission(bot, person, { permission: 'admin', object: namespaceOf(robot) }, { bypassCache: true })
  const lost = await newRobot(quay, robot).then(() => void onMade?.(), lostOnly)
  try {
    const done = await work()
    // Quay had made it before its answer was lost.
    if (lost) onMade?.()
    return done
  } catch (error) {
    if (lost && lacksRobot(error)) throw lost
    if (lost) onMade?.()
    throw error
  }
}

/** Somebody else has made it since it was looked for. */
const isThere = (error: unknown) => quayAnswer(error)?.words.startsWith('Existing robot with name:')

/** The Failure, where Quay did not answer. Undefined: it is there. Throws what Quay refused. */
function lostOnly(error: unknown) {
  if (isThere(error)) return undefined
  if (!(error instanceof Failure) || error.code !== 'unavailable') throw error
  return error
}

const lacksRobot = (error: unknown) => quayAnswer(error)?.words === 'Could not find robot with specified username'

function newRobot(quay: Quay, robot: string) {
  return createRobot(quay, robot, { description: 'Fills mirrors' })
}

/** Creates the private repository. If Quay refuses, the robot account made for it goes too, and the Failure is said of the mirror. */
export async function makeRepository(run: Run<MirrorInput>, robotMade: boolean) {
  const { quay, input } = run
  const { repository } = input
  try {
    await createRepository(quay, { repository, visibility: 'private', description: '' })
  } catch (error) {
    if (isRefused(error) && robotMade) await deleteRobot(quay, robotOf(run.input))
    return refusedAt('Repository {repository} could not be created, so the mirror was not created: {words}', { repository })(error)
  }
}

/** Quay gives the robot write before it looks at the rest. */
export async function holdsWrite(run: Run<MirrorInput>) {
  const { kind, name } = { kind: 'robot', name: robotOf(run.input) } as const
  return (await findPermission(run.quay, run.input.repository, { kind, name })) !== undefined
}

/** Takes back what was made for a mirror that Quay then refused. Conflict: some of it could not be taken back, and which. */
export async function takeBack(run: Run<MirrorInput>, { created, robotMade }: Pick<MirrorMade, 'created' | 'robotMade'>, granted: boolean) {
  const { quay, input } = run
  const robot = robotOf(run.input)
  try {
    if (created) await deleteRepository(quay, input.repository)
    else if (!granted && (await holdsWrite(run))) await removePermission(quay, input.repository, { kind: 'robot', name: robot })
    if (robotMade) await deleteRobot(quay, robot)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(
      'conflict',
      'Quay refused the mirror, and {created, select, true {the repository {repository}} other {the robot account {robot}}} created for it could not be deleted. Delete it in Quay.',
      { created: String(created), repository: input.repository, robot },
      { cause: error },
    )
  }
}

/** Quay has said no: what it did not answer stays as it is, as nobody knows. */
export function isRefused(error: unknown) {
  return error instanceof Failure && error.code !== 'unavailable'
}

/** Says what Quay refused. */
export function refusedAt(message: string, values: Sentence['values']) {
  return (error: unknown): never => {
    const answer = quayAnswer(error)
    // What is denied to the bot has its own cause, which Quay's word does not name.
    if (!(error instanceof Failure) || error.code === 'unavailable' || answer?.words === 'Unauthorized' || !answer) throw error
    throw new Failure(error.code, message, { ...values, words: answer.words }, { cause: error.cause })
  }
}

/** The robot account that was named, or `<namespace>+mirror`. */
export function robotOf({ robot, repository }: MirrorInput) {
  return robot ?? `${namespaceOf(repository)}+mirror`
}
