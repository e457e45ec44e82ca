import type { Given } from './arguments.ts'
import { type Command, effectsOf, type ObjectKind } from './command.ts'
import { type Field, fieldsOf } from './fields.ts'
import { type CardKind, kinds, type Named, parentOf } from './object-kinds.ts'
import { splitName } from './phrases.ts'

// By kind of object the fields that it can be given to. A robot account and a team can be given permissions as users can.
const takenBy: Record<CardKind, (ObjectKind | 'build' | 'new-robot')[]> = {
  repository: ['repository'],
  namespace: ['namespace', 'new-repository', 'new-robot', 'repository'],
  tag: ['tag'],
  image: [],
  robot: ['robot', 'user'],
  team: ['team', 'user'],
  user: ['user'],
  build: ['build'],
}

/**
 * The input of the command with everything that the object gives it: the rule by which commands fit kinds of objects. Undefined: the
 * command has no use for the object, or needs the id of something else. What is new in a namespace gets the beginning of its name.
 */
export function inputFor(name: string, command: Command, object: Named): Given | undefined {
  const fields = fieldsOf(command)
  const main = takenBy[object.kind].flatMap(
    (kind) => fields.find((field) => kindOf(name, field) === kind && takes(command, field, object)) ?? [],
  )
  const [field] = main
  if (!field) return undefined
  const given: Given = { [field.name]: inField(field, valueFor(field, object)) }
  for (const other of fields) {
    const value = partFor(other, object)
    if (!(other.name in given) && value !== undefined && other.name !== field.name) given[other.name] = inField(other, value)
  }
  const missing = fields.filter((one) => one.required && !(one.name in given))
  if (missing.some(({ id }) => id !== undefined)) return undefined
  // An optional field narrows a list; alone it makes a command of the object only where nothing else is needed.
  return field.required || (missing.length === 0 && !field.advanced) ? given : undefined
}

/** A robot account that is to be created is none that there is. */
function kindOf(name: string, { of, id }: Field) {
  if (of === 'robot' && splitName(name).verb === 'create') return 'new-robot'
  return of ?? (id === 'build' ? 'build' : undefined)
}

function valueFor(field: Field, { kind, namespace, repository, tag, robot, team, user, build }: Named): string | undefined {
  if (kind === 'namespace' && field.of === 'new-repository') return `${namespace}/`
  if (kind === 'namespace' && field.of === 'robot') return `${namespace}+`
  if (kind === 'team' && field.of === 'user') return `team:${team}`
  return { repository, namespace, tag, image: undefined, robot, team, user, build }[kind]
}

/** The other parts of the object: the repository of a tag, the organization of a team. */
function partFor({ of, required, name }: Field, object: Named): string | undefined {
  const { kind, repository, namespace } = object
  if (kind === 'tag' || kind === 'build') return of === 'repository' && required && name === 'repository' ? repository : undefined
  return kind === 'team' && of === 'namespace' ? namespace : undefined
}

function inField({ type }: Field, value: string | undefined) {
  return type === 'list' || type === 'choices' ? [value] : value
}

/** Whether the field's own rules take the name: a policy's target may be an organization, a repository may not. */
function takes({ input }: Command, field: Field, object: Named) {
  const value = valueFor(field, object)
  if (value === undefined) return false
  // The beginning of a name, and a Slack person, who becomes an account later.
  if (/[/+]$|^@/.test(value)) return true
  const schema = input.shape[field.name]
  return schema?.safeParse(inField(field, value)).success === true
}

/** The object that a command was about: what it made, changed or showed. Undefined: none that has a card. */
export function objectOf(name: string, command: Command, input: Record<string, unknown>, result: unknown): Named | undefined {
  const { noun } = splitName(name)
  const fields = fieldsOf(command)
  const textOf = (wanted: (field: Field) => boolean) =>
    fields.flatMap((field) => (wanted(field) && typeof input[field.name] === 'string' ? [String(input[field.name])] : []))[0]
  const repository = textOf(({ of }) => of === 'repository' || of === 'new-repository')
  const namespace = textOf(({ of }) => of === 'namespace') ?? (noun === 'org' ? textOf(({ of }) => of === 'new-namespace') : undefined)
  const isOfBuild = noun === 'build' || name === 'trigger run'
  const build = isOfBuild ? (buildIn(result) ?? textOf(({ id }) => id === 'build')) : undefined
  const tag = textOf(({ of }) => of === 'tag')
  const robot = noun === 'robot' ? textOf(({ of }) => of === 'robot') : undefined
  const team = noun === 'team' ? textOf(({ of, name: called }) => of === 'team' || called === 'team') : undefined
  const user = noun === 'user' ? textOf(({ of }) => of === 'user' || of === 'new-namespace') : undefined
  if (repository?.includes('/')) {
    if (build !== undefined) return { kind: 'build', repository, build }
    if (tag?.startsWith('sha256:')) return { kind: 'image', repository, digest: tag }
    return tag === undefined ? { kind: 'repository', repository } : { kind: 'tag', repository, tag }
  }
  if (robot !== undefined) return { kind: 'robot', robot }
  const within = namespace ?? repository
  if (within !== undefined) return team === undefined ? { kind: 'namespace', namespace: within } : { kind: 'team', namespace: within, team }
  return user === undefined ? undefined : { kind: 'user', user }
}

/** The id of the build in a result that is one, has one, or names one. A list has none. */
function buildIn(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  if ('build' in result) return typeof result.build === 'string' ? result.build : buildIn(result.build)
  return 'id' in result && !('entries' in result) && typeof result.id === 'string' ? result.id : undefined
}

/** Where a reply about the object leads: to the object, or to what it was part of once it is deleted. */
export function leadsTo(name: string, command: Command, input: Record<string, unknown>, result: unknown): Named | undefined {
  const object = objectOf(name, command, input, result)
  if (!object) return undefined
  const isGone = splitName(name).verb === 'delete' && effectsOf(command, input).includes('destroys') && isOfNoun(name, object)
  return isGone ? parentOf(object) : object
}

/** Whether the command is one of the object's own noun: `repo delete`, but not `notification delete`, of a repository. */
function isOfNoun(name: string, { kind }: Named) {
  return splitName(name).noun === kinds[kind].noun
}
