import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { deleteProxyCache, findProxyCache } from '../../quay/proxy-caches.ts'
import type { Quay } from '../../quay/registry.ts'
import { bold, code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Let an organisation no longer hand on another registry',
  help: 'What Quay has kept so far stays in the organisation. The username and password for the other registry go.',
  input: z.strictObject({ organization: organizationField }),
  examples: ['proxy-cache delete mirror'],
  aliases: ['disable', 'remove'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  calls: ['DELETE /organization/{orgname}/proxycache'],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input }) => ((await findProxyCache(quay, input.organization)) ? undefined : { result: input }),
  },
  preview: {
    read: async ({ quay, input: { organization } }) => ({ organization, upstream: (await present(quay, organization)).upstream }),
    view: ({ organization, upstream }, t) =>
      message(
        t('Let {organization} no longer hand on {upstream}?', { organization: bold(organization), upstream: code(upstream) }),
        note(t('Whoever pulls an image through it that Quay has not kept gets nothing any more.')),
      ),
  },
  run: async ({ quay, input }) => {
    await present(quay, input.organization)
    await deleteProxyCache(quay, input.organization)
    return input
  },
  view: ({ organization }, t) => message(t('{organization} is no proxy cache any more.', { organization: bold(organization) })),
})

async function present(quay: Quay, organization: string) {
  const found = await findProxyCache(quay, organization)
  if (!found) throw new Failure('not_found', '{organization} is no proxy cache.', { organization })
  return found
}
