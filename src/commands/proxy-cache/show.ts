import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { durationText } from '../../core/duration-text.ts'
import { slash } from '../../core/slash-command.ts'
import { findProxyCache } from '../../quay/proxy-caches.ts'
import { bold, code, fields, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Show proxy cache settings',
  help: 'A proxy cache organization delivers images of an upstream registry and caches them for a while.',
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
          t('{organization} is a proxy cache of {upstream}.', { organization: bold(organization), upstream: code(cache.upstream) }),
          fields(
            [t.plain('Cache expiration'), durationText(cache.expiration, t)],
            [t.plain('Connection'), t('{insecure, select, true {Without TLS} other {TLS}}', { insecure: String(cache.insecure) })],
            [t.plain('Pull'), code(`podman pull ${registry}/${organization}/<image>`).markup],
          ),
        )
      : message(
          t('{organization} is not a proxy cache.', { organization: bold(organization) }),
          note(
            t('An organization admin can make it a proxy cache with {command}.', {
              command: code(slash(`proxy-cache set ${organization} docker.io`)),
            }),
          ),
        ),
})
