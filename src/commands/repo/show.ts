import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { readRepository } from '../../quay/repositories.ts'
import { code, fields, link, message, quoted } from '../../slack/blocks.ts'

export default command({
  summary: 'Show a repository',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['repo show acme/api'],
  aliases: ['summary', 'size', 'size of', 'how big is', 'how large is', 'tell me about'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository } }) => {
    const found = await readRepository(quay, repository)
    return found
  },
  view: ({ name, url, visibility, state, description }, t) =>
    message(
      t('Repository {repository}', { repository: link(url, name) }),
      ...(description ? [quoted(description)] : []),
      fields(
        [t.plain('Visibility'), t('{visibility, select, public {Public: anyone can pull} other {Private}}', { visibility })],
        [
          t.plain('State'),
          t(
            '{state, select, mirror {Mirror: synced by Quay} orgmirror {Organization mirror: synced by Quay} readonly {Read-only} unknown {Unknown state of a newer Quay release} other {Normal}}',
            { state: state.replace('-', '') },
          ),
        ],
        [t.plain('Pull'), code(`podman pull ${new URL(url).host}/${name}`).markup],
      ),
    ),
})
