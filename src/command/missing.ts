import { Failure } from '../core/failure.ts'
import { namespaceOf } from '../quay/names.ts'
import { findOrganization } from '../quay/organizations.ts'
import { granteeOf } from '../quay/permissions.ts'
import { quayAnswer } from '../quay/refusal.ts'
import type { Quay } from '../quay/registry.ts'
import { findRepository } from '../quay/repositories.ts'
import { findTeamMembers } from '../quay/teams.ts'
import { findUser } from '../quay/users.ts'
import type { Command, IdKind, Run } from './command.ts'
import { type Field, fieldsOf } from './fields.ts'

type Input = Record<string, unknown>
type Reading = Pick<Run<Input>, 'quay' | 'input'>

/**
 * The command, which names what is missing: Quay says “Not Found” of a build as of its repository, and has empty lists for a repository
 * that it does not have. It looks only after such an answer, and only at objects whose permission was checked (docs/SECURITY.md rule 22).
 */
export function namingWhatIsMissing(command: Command): Command {
  const named =
    <Args extends [Reading, ...unknown[]], Result>(work: (...args: Args) => Promise<Result>) =>
    (...args: Args) =>
      work(...args).catch(async (error: unknown) => Promise.reject(await namedFailure(command, args[0], error)))
  const { changes, preview, current } = command
  return {
    ...command,
    run: named(async (run) => {
      const result = await command.run(run)
      const missing = !changes && isEmpty(result) ? await missingParent(command, run) : undefined
      if (missing) throw missing
      return result
    }),
    ...(current && { current: named(current) }),
    ...(preview && { preview: { ...preview, read: named(preview.read) } }),
    ...(changes && { changes: { ...changes, ...(typeof changes.facts === 'function' && { facts: named(changes.facts) }) } }),
  }
}

/** A failure of the command, with what is missing in its sentence, if that can be told. */
export async function namedFailure(command: Command, run: Reading, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure) || (error.code !== 'not_found' && error.code !== 'invalid')) return error
  const answer = quayAnswer(error)
  // What the command itself finds wrong it says better, unless it looked for the value of a field.
  if (error.code === 'invalid' && answer === undefined && Object.keys(error.fields).length === 0) return error
  const isVague = error.code === 'not_found' && answer !== undefined && !saysOneOf(error, run.input)
  return (await missingParent(command, run, error)) ?? (isVague ? await missingChild(command, run, error) : undefined) ?? error
}

function saysOneOf({ sentence: { values } }: Failure, input: Input) {
  const said = Object.values(values).map(String)
  // `team:nobody` is said as team nobody.
  return Object.values(input).some((value) => said.includes(String(value)) || said.includes(granteeOf(String(value)).name))
}

/** An empty list, which may be the list of a repository that is missing. */
function isEmpty(result: unknown) {
  return typeof result === 'object' && result !== null && Object.values(result).some((one) => Array.isArray(one) && one.length === 0)
}

/** The repository or namespace that is not there. If Quay does not say, it is undefined, as if there were none. */
async function missingParent(command: Command, { quay, input }: Reading, cause?: Failure): Promise<Failure | undefined> {
  const options = cause && { cause: cause.cause }
  const parents = checkedFields(command).flatMap((field) =>
    [input[field.name] ?? []].flat().map((value) => ({ field, value: String(value) })),
  )
  for (const { field, value } of parents) {
    try {
      if (field.of === 'repository' && value.includes('/')) {
        if (!(await findRepository(quay, value)))
          return new Failure('not_found', 'Repository {repository} not found.', { repository: value }, options)
      } else if (['namespace', 'repository', 'robot', 'new-repository'].includes(field.of ?? '')) {
        const namespace = namespaceOf(value)
        if (!(await findOrganization(quay, namespace)) && !(await findUser(quay, namespace)))
          return new Failure(
            'not_found',
            field.name === 'namespace' ? 'Namespace {namespace} not found.' : 'Organization {namespace} not found.',
            { namespace },
            options,
          )
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
    }
  }
}

/** The fields whose objects the person was found to have the permission on; of a command for superusers all. */
function checkedFields(command: Command): Field[] {
  const { permissions } = command
  if (permissions === 'superuser') return fieldsOf(command)
  if (!Array.isArray(permissions)) return []
  const isChecked = ({ name }: Field) =>
    permissions.some(({ on, permission, existing }) => on === name && permission !== 'create' && !existing)
  return fieldsOf(command).filter(isChecked)
}

const sayings: Record<Exclude<IdKind, 'request' | 'message'>, string> = {
  build: '{object} has no build {id}.',
  trigger: '{object} has no build trigger {id}.',
  notification: '{object} has no notification {id}.',
  'prune-policy': '{object} has no auto-prune policy {id}.',
}

/** The part of the repository or organization that Quay did not find: its parent is there. Undefined where the command has none, or several. */
async function missingChild(command: Command, { quay, input }: Reading, { cause }: Failure) {
  const object = String(input.repository ?? input.target ?? input.organization ?? input.namespace ?? '')
  const all = await Promise.all(
    fieldsOf(command).map(async (field) => {
      const values = [input[field.name] ?? []].flat().map(String)
      return { ...field, value: await (field.of === 'user' ? unknownAmong(quay, object, values) : values) }
    }),
  )
  const children = all.flatMap(({ id, of, value }) => {
    if (value.every((one) => one === '')) return []
    if (id && id !== 'request' && id !== 'message') return [{ message: sayings[id], id: value }]
    if (of === 'robot') return [{ message: 'Robot account {id} not found.', id: value }]
    if (of === 'team') return [{ message: '{object} has no team {id}.', id: value }]
    if (of === 'tag') return [{ message: '{object} has no tag {id}.', id: value }]
    if (of === 'user') return [{ message: 'Quay has no user, robot account or team {id}. Check the spelling.', id: value }]
    return []
  })
  const [only, ...others] = children
  return only && others.length === 0 ? new Failure('not_found', only.message, { object, id: only.id }, { cause }) : undefined
}

/** Those of the users and teams that are not there; a robot account counts as one that is not, because Quay lists them only all. */
async function unknownAmong(quay: Quay, organization: string, names: string[]) {
  const isThere = async (name: string) => {
    const { kind, name: plain } = granteeOf(name)
    if (kind === 'team') return (await findTeamMembers(quay, { organization, team: plain })) !== undefined
    return !name.includes('+') && (await findUser(quay, name)) !== undefined
  }
  const found = await Promise.all(names.map((name) => isThere(name).catch(() => false)))
  return names.filter((_, index) => !found[index])
}
