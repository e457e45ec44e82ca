import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { findProxyCache } from '../../quay/proxy-caches.ts'
import { bold, code, fields, message, note } from '../../slack/blocks.ts'
import { durationText } from '../../slack/views/duration.ts'

export default command({
  summary: 'Show which registry an organisation hands on',
  help: 'Such an organisation is a proxy cache: whoever pulls from it gets the images of the other registry, and Quay keeps them for a while.',
  input: z.strictObject({ organization: organizationField }),
  examples: ['proxy-cache show acme'],
  permissions: [{ permission: 'member', on: 'organization' }],
  calls: ['GET /organization/{orgname}/proxycache'],
  run: async ({ quay, input: { organization } }) => ({
    organization,
    registry: new URL(quay.url).host,
    cache: await findProxyCache(quay, organization),
  }),
  view: ({ organization, registry, cache }, t) =>
    cache
      ? message(
          t('{organization} hands on {upstream}.', { organization: bold(organization), upstream: code(cache.upstream) }),
          fields(
            [t.plain('Keeps an image for'), durationText(cache.expiration, t)],
            [t.plain('Connection'), t('{insecure, select, true {Without TLS} other {TLS}}', { insecure: String(cache.insecure) })],
            [t.plain('Pull'), code(`podman pull ${registry}/${organization}/<image>`).markup],
          ),
        )
      : message(
          t('{organization} is no proxy cache.', { organization: bold(organization) }),
          note(t('An admin makes it one with {command}.', { command: code(`/quay proxy-cache set ${organization} docker.io`) })),
        ),
})
