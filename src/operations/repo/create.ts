import { z } from 'zod'
import { operation } from '../../operation.ts'
import { newRepositoryName } from '../../quay/names.ts'
import { createRepository, findRepository } from '../../quay/repositories.ts'
import { code, link, message, note } from '../../slack/blocks.ts'

export default operation({
  summary: 'Create a repository',
  input: z.strictObject({
    repository: newRepositoryName.meta({ of: 'new-repository' }).describe('As namespace/name'),
    visibility: z
      .enum(['private', 'public'])
      .default('private')
      .meta({ labels: { private: 'Private', public: 'Public' } })
      .describe('Who may pull'),
    description: z.string().max(500).default('').describe('One line about it'),
  }),
  examples: ['repo create acme/web', 'repo create acme/web visibility=public description="Front page"'],
  needs: [{ right: 'create', on: 'repository' }],
  changes: {
    effects: ({ visibility }) => (visibility === 'public' ? ['creates', 'makes-public'] : ['creates']),
    // A repository that differs from what was asked is somebody else's: then Quay is asked again, and says so.
    repeat: async ({ quay, input }) => {
      const result = await findRepository(quay, input.repository)
      if (result?.visibility === input.visibility && result.description === input.description) return { result }
    },
  },
  run: ({ quay, input }) => createRepository(quay, input),
  view: ({ name, url, visibility }, t) =>
    message(
      t('Created {repository}.', { repository: link(url, name) }),
      note(
        t('{visibility, select, public {Everybody may pull.} other {Private.}} Push with {command}.', {
          visibility,
          command: code(`podman push ${new URL(url).host}/${name}`),
        }),
      ),
    ),
})
