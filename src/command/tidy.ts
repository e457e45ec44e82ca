import { isDeepStrictEqual } from 'node:util'
import { duration } from '../core/durations.ts'
import { narrow, withoutInvisibleEnds } from '../core/typed-characters.ts'
import { untilText } from '../core/until.ts'
import type { Command } from './command.ts'
import { values as valueWords } from './field-lexicon.ts'
import { type Field, fieldsOf } from './fields.ts'
import { bare, otherRegistry, type Pasted, pastedIn } from './pasted.ts'
import { type Reader, typedDay, typedDuration, typedMoment } from './typed-time.ts'

type Given = Record<string, unknown>

/** What typed values are read by: the registry's hosts, and the person's clock. */
export interface Typing extends Reader {
  hosts: string[]
  /** What the command at hand does with parts of a pasted object; set while its words are read. */
  takes?: Taken
}

interface Taken {
  changes: boolean
  tag: boolean
  team: boolean
}

/** The same for one command: a change of `acme/web:v1` that has no field for the tag must not become one of `acme/web`. */
export function typingFor(command: Pick<Command, 'input' | 'changes'>, typing: Typing): Typing {
  const fields = fieldsOf(command)
  const tag = fields.some(({ of, name }) => of === 'tag' || name === 'tag')
  return { ...typing, takes: { changes: command.changes !== undefined, tag, team: fields.some(({ of }) => of === 'team') } }
}

/** Where nobody types: no addresses are known, and no day is today. */
export const noTyping: Typing = { hosts: [], now: 0, timeZone: undefined }

/**
 * The values as their fields take them: `https://quay.example.com/repository/acme/web` as `acme/web`, `tomorrow` as a day, `push` as
 * `write`. A tag, team or build that was pasted with its object goes to its own field. What is not understood stays as it is.
 * Throws `invalid` for an address of another registry.
 */
export function tidy(command: Pick<Command, 'input' | 'changes'>, given: Given, all: Typing): Given {
  const fields = fieldsOf(command)
  const typing = typingFor(command, all)
  const tidied: Given = {}
  for (const [name, value] of Object.entries(given)) {
    const field = fields.find((one) => one.name === name)
    if (!field || field.secret) {
      tidied[name] = value
      continue
    }
    tidied[name] = Array.isArray(value) ? value.map((one) => tidyValue(field, one, typing)) : tidyValue(field, value, typing)
    for (const [other, more] of Object.entries(carriedAlong(field, fields, value, typing)))
      if (!(other in given) || isDeepStrictEqual(given[other], given[name])) tidied[other] = more
  }
  return tidied
}

/** What a pasted value says about other fields: the tag of `acme/web:v1`, the team of `acme/developers`. */
export function carriedAlong(field: Field, fields: Field[], value: unknown, typing: Typing): Given {
  if (typeof value !== 'string' || !['repository', 'namespace', 'new-repository'].includes(field.of ?? '')) return {}
  const pasted = pastedIn(value, typing.hosts)
  if (!pasted || pasted.foreign) return {}
  const inIt = (kind: Field['of']) => fields.find((one) => one.of === kind && (one.in === field.name || one.name === kind))
  const found: [Field | undefined, string | undefined][] = [
    [inIt('tag') ?? fields.find(({ name }) => name === 'tag') ?? fields.find(({ name }) => name === 'like'), pasted.tag],
    [fields.find(({ name }) => name === 'digest'), pasted.digest],
    [fields.find(({ name }) => name === 'build'), pasted.build],
    [inIt('team'), pasted.team ?? (field.of === 'namespace' ? pasted.repository?.slice(pasted.repository.indexOf('/') + 1) : undefined)],
  ]
  return Object.fromEntries(found.flatMap(([other, part]) => (other && part !== undefined ? [[other.name, part]] : [])))
}

/** One value as the field takes it; text that is not understood stays, and the schema reports the problem. */
export function tidyValue(field: Field, value: unknown, typing: Typing): unknown {
  if (typeof value !== 'string') return value
  if (field.type === 'choice' || field.type === 'choices')
    return chosen(field, field.time === 'duration' && !field.options.includes(value) ? (typedDuration(value) ?? value) : value)
  if (field.type === 'date')
    return isoDay.test(value) ? value : (typedDay(value, typing, field.time === 'past' ? 'past' : 'future') ?? value)
  if (field.moment) return momentText(value, typing)
  if (field.time === 'moment') return isoMoment.test(value) ? value : (typedMoment(value, typing) ?? value)
  if (field.time === 'duration') return duration.test(value) ? value : (typedDuration(value) ?? value)
  if (field.of) return named(field.of, value, typing)
  if (field.id) return ided(field.id, value, typing)
  if (field.name === 'size') return sized(value)
  if (field.name === 'email') return bare(value).replace(/^mailto:/i, '')
  if (field.name === 'external_reference' || field.name === 'upstream') return withoutScheme(value)
  return value
}

/** What `moments.ts` does not read by itself, such as `in 3 days` or `24 dec`. */
function momentText(value: string, typing: Typing) {
  return untilText.test(value) ? value : (typedDay(value, typing, 'future') ?? typedMoment(value, typing) ?? value)
}

const isoDay = /^\d{4}-\d\d-\d\d$/
const isoMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** The option that is meant, by its value, its label or another word for it. */
function chosen({ options, labels }: Field, value: string) {
  const wanted = narrow(withoutInvisibleEnds(value.trim()))
    .toLowerCase()
    .replace(/^[`'"]|[`'"]$/g, '')
  const squashed = wanted.replaceAll(/[\s_-]/g, '')
  const is = (one: string) => one.toLowerCase() === wanted || one.toLowerCase().replaceAll(/[\s_-]/g, '') === squashed
  const option = options.find(is) ?? options.find((one) => is(labels[one] ?? '')) ?? options.find((one) => (valueWords[one] ?? []).some(is))
  return option ?? value
}

type Kind = NonNullable<Field['of']>

const readers: Record<Kind, (pasted: Pasted) => string | undefined> = {
  repository: ({ repository, namespace, tag }) => repository ?? (tag === undefined ? namespace : undefined),
  'new-repository': ({ repository }) => repository,
  namespace: ({ namespace, repository, tag }) => (repository === undefined && tag === undefined ? namespace : undefined),
  'new-namespace': () => undefined,
  team: ({ team, repository }) => team ?? repository?.slice(repository.indexOf('/') + 1),
  robot: ({ robot }) => robot,
  tag: ({ tag, digest }) => digest ?? tag,
  user: ({ user }) => user,
  channel: () => undefined,
}

const someDigest = /^sha256:[0-9a-f]{4,64}$/

function named(kind: Kind, value: string, typing: Typing) {
  if (kind === 'channel') return value.trim()
  const text = bare(value)
  // It looks like a registry with a port.
  if (kind === 'tag' && someDigest.test(text)) return text
  const pasted = pastedIn(value, typing.hosts)
  // A grantee, `team:developers`, looks like an image with a tag.
  if (pasted?.foreign && kind !== 'user' && kind !== 'tag') throw otherRegistry(value, pasted.foreign, typing.hosts)
  const { changes = false, tag = false, team = false } = typing.takes ?? {}
  if (changes && !tag && /repository/.test(kind) && (pasted?.tag ?? pasted?.digest) !== undefined) return text
  const part = pasted && (kind === 'namespace' && team ? pasted.namespace : readers[kind](pasted))
  if (part !== undefined && kind !== 'user') return kind === 'new-repository' ? part : lower(kind, part)
  if (kind === 'user') return grantee(part ?? text)
  if (kind === 'team') return lower(kind, text.replace(/^(?:team:|@)/i, ''))
  if (kind === 'tag') return text.replace(/^:/, '')
  return lower(kind, text)
}

/** Quay's names are in lower case, and phones begin with a capital. What is to be created keeps what was typed, so that it is refused. */
function lower(kind: Kind, text: string) {
  return kind === 'tag' || kind.startsWith('new-') ? text : text.toLowerCase()
}

/** `@bea` as `bea`, when it is not the id of a Slack person. */
function grantee(text: string) {
  if (/^@[UWS][A-Z0-9]{2,}$/.test(text)) return text
  return text.replace(/^(?:user:|robot:|@)/i, '').toLowerCase()
}

function ided(kind: string, value: string, typing: Typing) {
  const pasted = /\//.test(value) ? pastedIn(value, typing.hosts) : undefined
  return (kind === 'build' ? pasted?.build : undefined) ?? bare(value).toLowerCase()
}

/** `10G` and `10Gi`, as kubectl has them, and `10 gigs`. */
function sized(value: string) {
  const text = narrow(value).trim()
  const [, amount, unit] = /^(\d{1,6}(?:[.,]\d{1,3})?) ?([kmgtp])(?:i|ig|igs|iga)?(?:b|bytes?)?$/i.exec(text) ?? []
  if (!amount || !unit || /b$/i.test(text)) return text
  return `${amount.replace(',', '.')} ${unit.toUpperCase()}${/i$/.test(text) ? 'i' : ''}B`
}

function withoutScheme(value: string) {
  return bare(value).replace(/^https?:\/\//i, '')
}
