import { z } from 'zod'
import { operation } from '../../command/command.ts'
import { repositoryField, tagField } from '../../command/common-fields.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { expireTag, readTag } from '../../quay/tags.ts'
import { bold, code, message, moment, note } from '../../slack/blocks.ts'

export default operation({
  summary: 'Let a tag end on a day, or never',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagField,
    on: z.iso.date().optional().describe('The day on which it ends, at its beginning in UTC'),
    never: z.boolean().default(false).describe('It shall not end at all'),
  }),
  examples: ['tag expire acme/api v1.0 2099-12-31', 'tag expire acme/api v1.0 never=yes'],
  needs: [{ right: 'write', on: 'repository' }],
  calls: ['PUT /repository/{repository}/tag/{tag}'],
  changes: { effects: ({ never }) => (never ? ['changes-limits'] : ['destroys']), facts: 'preview', repeat: 'safe' },
  preview: {
    read: async ({ quay, bot, input }) => {
      const { repository, tag } = input
      const until = endOf(bot.clock(), input) ?? null
      const found = await readTag(quay, repository, tag)
      return { repository, tag, until, digest: found.digest }
    },
    view: ({ repository, tag, until }, t) =>
      message(
        t(
          '{ends, select, yes {Let the tag {tag} of {repository} end on {until}? Quay deletes it then.} other {Let the tag {tag} of {repository} stay for ever?}}',
          {
            ends: until === null ? 'no' : 'yes',
            tag: code(tag),
            repository: bold(repository),
            until: moment(Date.parse(until ?? '')),
          },
        ),
      ),
  },
  run: async ({ quay, bot, input }) => {
    const { repository, tag } = input
    const until = endOf(bot.clock(), input)
    await expireTag(quay, repository, tag, until)
    return { repository, tag, until }
  },
  view: ({ repository, tag, until }, t) =>
    message(
      t('{ends, select, true {{tag} of {repository} ends on {until}.} other {{tag} of {repository} does not end any more.}}', {
        ends: String(until !== undefined),
        tag: code(tag),
        repository: bold(repository),
        until: moment(Date.parse(until ?? '')),
      }),
      ...(until ? [note(t('Change your mind with {command}.', { command: code(`/quay tag expire ${repository} ${tag} never=yes`) }))] : []),
    ),
})

interface Wanted {
  on?: string | undefined
  never: boolean
}

/** When the tag ends, ISO; undefined for never. Throws `invalid` for neither, both, or a day that is over. */
function endOf(now: number, { on, never }: Wanted) {
  if (never === (on !== undefined)) throw fieldProblem('on', 'Say either the day on which it ends, or never=yes.')
  const until = on && `${on}T00:00:00.000Z`
  if (until && Date.parse(until) <= now) throw fieldProblem('on', 'The day has to be in the future.')
  return until
}
