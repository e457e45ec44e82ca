import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { readBack } from '../../quay/read-back.ts'
import { findRepository, readRepository, setDescription } from '../../quay/repositories.ts'
import { link, message, quoted } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Edit a repository’s description',
  help: 'To clear it, type {slash} repo description acme/web "".',
  input: z.strictObject({
    repository: repositoryField,
    description: z
      .string()
      .max(3000)
      .meta({ title: 'Description', multiline: true })
      .describe('Description in Markdown, shown in the Quay web console'),
  }),
  examples: ['repo description acme/web "Front page of the shop"'],
  aliases: [
    'set description',
    'edit description',
    'change description',
    'update description',
    'desc',
    'describe as',
    'readme',
    'about',
    'text',
  ],
  permissions: [{ permission: 'write', on: 'repository' }],
  changes: {
    effects: ['overwrites'],
    facts: async ({ quay, input: { repository } }) => {
      const found = await findRepository(quay, repository)
      return { mark: found ? (found.mark ?? 'public') : null, description: found?.description ?? null }
    },
    retry: 'idempotent',
  },
  current: async ({ quay, input: { repository } }) => {
    const found = await findRepository(quay, repository)
    return found?.description ? { description: found.description } : {}
  },
  run: async ({ quay, input: { repository, description } }) => {
    const found = await readRepository(quay, repository)
    if (found.description !== description) await setDescription(quay, repository, description)
    const stored = await readBack(quay, description, async () => (await readRepository(quay, repository)).description)
    return { repository, url: found.url, description: stored, asAsked: stored === description }
  },
  view: ({ repository, url, description, asAsked }, t) =>
    message(
      t('{empty, select, yes {Cleared the description of {repository}.} other {Description of {repository}:}}', {
        repository: link(url, repository),
        empty: description ? 'no' : 'yes',
      }),
      ...(description ? [quoted(description)] : []),
      ...storedNote(asAsked, t),
    ),
})
