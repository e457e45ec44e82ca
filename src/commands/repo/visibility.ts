import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { repositoryFacts } from '../../command/facts.ts'
import { readBack } from '../../quay/read-back.ts'
import { findRepository, readRepository, setVisibility } from '../../quay/repositories.ts'
import { link, message, note } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Change repository visibility',
  input: z.strictObject({
    repository: repositoryField,
    visibility: z
      .enum(['private', 'public'])
      .meta({ title: 'Visibility', labels: { private: 'Private', public: 'Public' } })
      .describe('Who can pull: anyone, or only users with permission'),
  }),
  examples: ['repo visibility acme/web public', 'repo visibility acme/web private'],
  aliases: [
    'public visibility=public',
    'private visibility=private',
    'make',
    'set visibility',
    'change visibility',
    'publish visibility=public',
    'unpublish visibility=private',
    'open visibility=public',
    'open up visibility=public',
    'make public visibility=public',
    'make private visibility=private',
    'hide visibility=private',
    'set',
    'turn',
  ],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ({ visibility }) => [visibility === 'public' ? 'makes-public' : 'overwrites'],
    facts: ({ quay, input: { repository } }) => repositoryFacts(quay, repository),
    retry: 'idempotent',
  },
  current: async ({ quay, input: { repository } }) => {
    const found = await findRepository(quay, repository)
    return found ? { visibility: found.visibility } : {}
  },
  run: async ({ quay, input: { repository, visibility } }) => {
    const found = await readRepository(quay, repository)
    const changed = found.visibility !== visibility
    if (changed) await setVisibility(quay, repository, visibility)
    const stored = await readBack(quay, visibility, async () => (await readRepository(quay, repository)).visibility)
    return { repository, url: found.url, visibility: stored, changed, asAsked: stored === visibility }
  },
  view: ({ repository, url, visibility, changed, asAsked }, t) =>
    message(
      t(
        '{changed, select, no {{repository} is already {visibility, select, public {public} other {private}}.} other {{repository} is now {visibility, select, public {public} other {private}}.}}',
        {
          repository: link(url, repository),
          visibility,
          changed: changed ? 'yes' : 'no',
        },
      ),
      note(
        t('{visibility, select, public {Anyone who can reach the registry can pull.} other {Only users with permission can pull.}}', {
          visibility,
        }),
      ),
      ...storedNote(asAsked, t),
    ),
})
