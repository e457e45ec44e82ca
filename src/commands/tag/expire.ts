import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, tagField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { slash } from '../../core/slash-command.ts'
import { readBack } from '../../quay/read-back.ts'
import type { Quay } from '../../quay/registry.ts'
import { endsBetween, expireTag, findTag, readTag, type Tag } from '../../quay/tags.ts'
import { code, message, moment, note } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Change a tag’s expiration',
  help: 'Quay keeps an expiring tag at most 104 weeks after its last change.',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagField,
    on: z.iso.date().optional().meta({ title: 'Expiration date' }).describe('Day on which the tag expires (at 00:00 UTC)'),
    never: z.boolean().default(false).meta({ title: 'No expiration' }).describe('Remove the expiration date'),
  }),
  examples: ['tag expire acme/api v1.0 2027-12-31', 'tag expire acme/api v1.0 never=yes'],
  aliases: ['expiration', 'expiry', 'ttl', 'set expiration', 'change expiration', 'expires', 'expire on', 'set expiry', 'keep tag'],
  permissions: [{ permission: 'write', on: 'repository' }],
  calls: ['PUT /repository/{repository}/tag/{tag}'],
  check: (given, now) => void endOf(now, given),
  changes: { effects: ({ never }) => (never ? ['changes-limits'] : ['destroys']), facts: 'preview', retry: 'idempotent' },
  preview: {
    read: async ({ quay, bot, input }) => {
      const { repository, tag } = input
      const until = endOf(bot.clock(), input) ?? null
      const found = await readTag(quay, repository, tag)
      if (until !== null) checkEnd(bot.clock(), input, found, until)
      return { repository, tag, until, digest: found.digest }
    },
    view: ({ repository, tag, until }, t) =>
      message(
        t('{ends, select, yes {Expire {image} on {until}? Quay then deletes the tag.} other {Remove the expiration of {image}?}}', {
          ends: until === null ? 'no' : 'yes',
          image: code(`${repository}:${tag}`),
          until: moment(Date.parse(until ?? '')),
        }),
      ),
  },
  run: async ({ quay, bot, input }) => {
    const { repository, tag } = input
    const wanted = endOf(bot.clock(), input)
    if (wanted !== undefined) checkEnd(bot.clock(), input, await readTag(quay, repository, tag), wanted)
    await expireTag(quay, repository, tag, wanted)
    const until = await readBack(quay, wanted, () => storedEnd(quay, input))
    return { repository, tag, until, asAsked: until === wanted }
  },
  view: ({ repository, tag, until, asAsked }, t) =>
    message(
      t('{ends, select, true {{image} expires on {until}.} other {{image} no longer expires.}}', {
        ends: String(until !== undefined),
        image: code(`${repository}:${tag}`),
        until: moment(Date.parse(until ?? '')),
      }),
      ...storedNote(asAsked, t),
      ...(until ? [note(t('Change it with {command}.', { command: code(slash(`tag expire ${repository} ${tag} never=yes`)) }))] : []),
    ),
})

interface Wanted {
  repository: string
  tag: string
  on?: string | undefined
  never: boolean
}

/** When the tag ends, ISO; undefined for never. Throws `invalid` for neither, both, or a day that is over. */
function endOf(now: number, { on, never }: Pick<Wanted, 'on' | 'never'>) {
  if (never === (on !== undefined)) throw fieldProblem('on', 'Enter either an expiration date or no expiration.')
  const until = on && `${on}T00:00:00.000Z`
  if (until && Date.parse(until) <= now) throw fieldProblem('on', 'The date must be in the future.')
  return until
}

/** Throws `invalid` for a day that Quay would cut to another one, or that would delete the tag at once. */
function checkEnd(now: number, { repository, tag }: Wanted, found: Tag, until: string) {
  const { first, last } = endsBetween(found)
  const end = Date.parse(until)
  if (end >= first && end <= last) return
  const since = found.since?.slice(0, 10) ?? '–'
  if (end < first)
    throw fieldProblem('on', 'Quay keeps a tag for at least an hour, and {tag} is newer than that. Use a later date.', { tag, since })
  const day = new Date(last).toISOString().slice(0, 10)
  if (Date.parse(day) > now)
    throw fieldProblem(
      'on',
      'Quay keeps an expiring tag at most 104 weeks. {tag} was last changed on {since}, so the last possible date is {day}.',
      {
        ...{ tag, since, day },
      },
    )
  throw fieldProblem(
    'on',
    'Quay keeps an expiring tag at most 104 weeks. {repository}:{tag} was last changed on {since}, so it would be deleted immediately.',
    { tag, repository, since },
  )
}

/** Throws `conflict` where the tag is gone: this Quay lets tags live for less than 104 weeks. */
async function storedEnd(quay: Quay, { repository, tag }: Wanted) {
  const stored = await findTag(quay, repository, tag)
  if (stored) return stored.until
  throw new Failure('conflict', 'Quay expired {repository}:{tag} immediately. Restore it with {command}.', {
    ...{ tag, repository, command: slash(`tag restore ${repository} ${tag}`) },
  })
}
