import { Failure } from '../core/failure.ts'
import { fieldProblem } from '../core/field-problem.ts'
import { isFailed } from '../quay/build-phase.ts'
import { listBuilds } from '../quay/builds.ts'
import { listMessages } from '../quay/messages.ts'
import { listNotifications } from '../quay/notifications.ts'
import { listPrunePolicies } from '../quay/pruning.ts'
import type { Quay } from '../quay/registry.ts'
import { listTriggers } from '../quay/triggers.ts'
import type { Command, IdKind } from './command.ts'
import { type Field, fieldsOf } from './fields.ts'

type Input = Record<string, unknown>

interface Listed {
  id: string
  failed?: boolean
}

interface Named {
  repository: string
  target: string
  typed: string
}

const limit = 100

/** What Quay lists of the kind, newest first. Requests are the bot's own and are looked up by their commands. */
const lists: Record<Exclude<IdKind, 'request'>, (quay: Quay, input: Named) => Promise<Listed[]>> = {
  build: async (quay, { repository, typed }) => {
    const latest = await listBuilds(quay, repository, { limit })
    // A card may be older than what a list shows, and says its build in eight characters.
    const isOlder = latest.length === limit && !isRelative(typed) && !latest.some(({ id }) => id.startsWith(typed.toLowerCase()))
    const all = isOlder ? await listBuilds(quay, repository, { limit: limit * 10 }) : latest
    return all.map(({ id, phase }) => ({ id, failed: isFailed(phase) }))
  },
  trigger: (quay, { repository }) => listTriggers(quay, repository),
  notification: (quay, { repository }) => listNotifications(quay, repository),
  'prune-policy': (quay, { target }) => listPrunePolicies(quay, target),
  message: (quay) => listMessages(quay),
}

const whole = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const newest = new Set(['latest', 'last', 'newest', '最新'])
const failed = new Set(['failed', 'failure', 'failing', 'latest failed', 'last failed', '失敗'])

/** Whether the value says which one by its place, `latest` or `#2`, and not by its id: what it means may change in between. */
export function isRelative(value: unknown) {
  return typeof value === 'string' && (newest.has(value) || failed.has(value) || rowOf(value) !== undefined)
}

/** Whether a value names something by its place in time or in a list. In a field that holds no id, `latest` is the name of a tag. */
export function hasRelative(command: Pick<Command, 'input'>, input: Input) {
  return fieldsOf(command).some(
    ({ id, name }) => rowOf(input[name]) !== undefined || (id !== undefined && id !== 'request' && isRelative(input[name])),
  )
}

/** The row of `#2`: 2. */
export function rowOf(value: unknown): number | undefined {
  const [, digits] = /^[#＃]([1-9]\d?)$/.exec(String(value)) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/**
 * The input with whole ids for unique beginnings of them, `latest` and `failed`: one call of Quay, and none for a whole id. Only for
 * somebody whose permissions were checked, because the answer tells what there is. What nothing begins with stays, and Quay says so.
 * Invalid: several begin like that. Not found: there is none that failed.
 */
export async function withWholeIds(quay: Quay, command: Pick<Command, 'input'>, input: Input): Promise<Input> {
  const short = shortIds(command, input)
  const found = await Promise.all(short.map(async (field) => [field.name, await wholeId(quay, field, input)] as const))
  return short.length === 0 ? input : { ...input, ...Object.fromEntries(found) }
}

/** Whether `withWholeIds` would ask Quay. */
export function hasShortIds(command: Pick<Command, 'input'>, input: Input) {
  return shortIds(command, input).length > 0
}

function shortIds(command: Pick<Command, 'input'>, input: Input): Field[] {
  return fieldsOf(command).filter(({ id, name }) => id !== undefined && id !== 'request' && isShort(input[name]))
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !whole.test(value)
}

async function wholeId(quay: Quay, { name, id: kind }: Field, input: Input) {
  const typed = String(input[name])
  if (!kind || kind === 'request') return typed
  const all = await lists[kind](quay, { repository: String(input.repository ?? ''), target: String(input.target ?? ''), typed }).catch(
    orNone,
  )
  if (newest.has(typed)) return all[0]?.id ?? typed
  if (failed.has(typed)) return all.find((one) => one.failed)?.id ?? typed
  return begunBy(all, name, typed)?.id ?? typed
}

/** A list of something that is missing: the command says so. */
function orNone(error: unknown): Listed[] {
  if (error instanceof Failure && error.code === 'not_found') return []
  throw error
}

/** The one whose id is typed, or begins like what is typed. Invalid, about the field: several begin like that. */
export function begunBy<One extends { id: string }>(all: One[], field: string, typed: string): One | undefined {
  const begun = all.filter(({ id }) => id.toLowerCase().startsWith(typed.toLowerCase()))
  if (begun.length > 1) {
    const ids = begun.slice(0, 5).map(({ id }) => id)
    const length = tellingLength(ids)
    throw fieldProblem(field, 'Several IDs begin with {typed}: {ids}. Type more of the one you mean.', {
      typed,
      ids: ids.map((id) => id.slice(0, length)),
    })
  }
  return begun[0]
}

/** How many characters tell them apart: eight, or more where they begin alike. */
function tellingLength(ids: string[]) {
  const lengths = Array.from({ length: 29 }, (_, index) => index + 8)
  return lengths.find((length) => new Set(ids.map((id) => id.slice(0, length))).size === ids.length)
}
