import { z } from 'zod'
import { fieldProblem } from '../../draw/field-problem.ts'
import { tagName } from '../../draw/tag.ts'
import { Failure } from '../../failure.ts'
import { operation } from '../../operation.ts'
import { repositoryName } from '../../quay/names.ts'
import { expireTag, findTag } from '../../quay/tags.ts'
import { bold, code, message, moment, note } from '../../slack/blocks.ts'

export default operation({
  summary: 'Let a tag end on a day, or never',
  input: z.strictObject({
    repository: repositoryName.meta({ of: 'repository' }).describe('As namespace/name'),
    tag: tagName.meta({ of: 'tag', in: 'repository' }).describe('The tag'),
    on: z.iso.date().optional().describe('The day on which it ends, at its beginning in UTC'),
    never: z.boolean().default(false).describe('It shall not end at all'),
  }),
  examples: ['tag expire acme/api v1.0 2099-12-31', 'tag expire acme/api v1.0 never=yes'],
  needs: [{ right: 'write', on: 'repository' }],
  calls: ['PUT /repository/{repository}/tag/{tag}'],
  changes: { effects: ({ never }) => (never ? [] : ['destroys']), repeat: 'safe' },
  preview: {
    read: async ({ quay, input }) => {
      const { on } = endOf(input)
      const { repository, tag } = input
      const found = await findTag(quay, repository, tag)
      if (!found) throw new Failure('not_found', '{repository} has no tag {tag}.', { repository, tag })
      return { on, tag, until: found.until, repository }
    },
    view: ({ on, tag, until, repository }, t) =>
      message(
        t(
          '{ends, select, true {Let {tag} of {repository} end on {on}, at its beginning in UTC?} other {Let {tag} of {repository} never end?}}',
          {
            ends: String(on !== undefined),
            tag: code(tag),
            repository: bold(repository),
            on: on ?? '',
          },
        ),
        note(
          t('{ends, select, true {Now it ends on {until}.} other {Now it has no end.}}', {
            ends: String(until !== undefined),
            until: moment(Date.parse(until ?? '')),
          }),
        ),
      ),
  },
  run: async ({ quay, input }) => {
    const { repository, tag } = input
    const { until } = endOf(input)
    await expireTag(quay, repository, tag, until).catch((error) => {
      // Quay says only that it did not understand (recorded: tag-put-expiration-past).
      if (error instanceof Failure && error.code === 'invalid' && until)
        throw fieldProblem('on', 'Quay does not take this day: it has to be in the future.')
      throw error
    })
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

function endOf({ on, never }: { on?: string | undefined; never: boolean }) {
  if (never === (on !== undefined)) throw fieldProblem('on', 'Say either the day on which it ends, or never=yes.')
  return { on, until: on && `${on}T00:00:00.000Z` }
}
