import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { credential } from '../../core/credential.ts'
import { duration, secondsOf } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { externalRegistry } from '../../quay/external-reference.ts'
import { quayAnswer } from '../../quay/http.ts'
import { createProxyCache, findProxyCache, type ProxyCache } from '../../quay/proxy-caches.ts'
import { readBack } from '../../quay/read-back.ts'
import { bold, code, lines, message, note } from '../../slack/blocks.ts'
import { durationText } from '../../slack/views/duration.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Let an organisation hand on the images of another registry',
  help: 'Quay makes the repositories as somebody pulls. What is set is not changed: delete it first. With a password, type the command alone: the modal asks for it, and it is never shown again.',
  input: z.strictObject({
    organization: organizationField,
    upstream: externalRegistry.describe('The other registry, or a namespace of it: docker.io, quay.io/projectquay'),
    keep: z
      .string()
      .regex(duration, 'must be a time like 10m, 6h or 1d')
      .default('1d')
      .meta({ time: 'duration' })
      .describe('How long Quay keeps an image: 6h, 1d, 2w'),
    insecure: z.boolean().default(false).meta({ advanced: true }).describe('Whether the other registry is reached without TLS'),
    username: z.string().trim().max(255).optional().meta({ advanced: true }).describe('Who signs in at the other registry'),
    password: z.string().max(1000).optional().meta({ advanced: true, secret: true }).describe('Their password; it needs the username'),
  }),
  examples: ['proxy-cache set mirror docker.io', 'proxy-cache set mirror quay.io/projectquay keep=2w'],
  aliases: ['create', 'add', 'enable', 'setup', 'configure', 'new'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  calls: ['POST /organization/{orgname}/proxycache'],
  changes: {
    effects: ['creates'],
    facts: async ({ quay, input: { organization } }) => ({ upstream: (await findProxyCache(quay, organization))?.upstream ?? null }),
    retry: async ({ quay, input: { organization, upstream, keep, username } }) => {
      const found = await findProxyCache(quay, organization)
      const isOurs = found?.upstream === upstream && found.expiration === secondsOf(keep)
      return isOurs ? { result: { organization, ...found, username, asAsked: true, registry: new URL(quay.url).host } } : undefined
    },
  },
  run: async ({ quay, input: { organization, upstream, keep, insecure, username, password } }) => {
    if ((username === undefined) !== (password === undefined))
      throw fieldProblem(
        username === undefined ? 'username' : 'password',
        'Give both, a username and its password, or neither. The modal takes the password: type /quay proxy-cache set alone, and it opens.',
      )
    const seconds = secondsOf(keep)
    const found = await findProxyCache(quay, organization)
    if (found)
      throw new Failure('conflict', '{organization} hands on {upstream} already. Delete that first: {command}', {
        organization,
        upstream: found.upstream,
        command: `/quay proxy-cache delete ${organization}`,
      })
    const secret = password === undefined ? undefined : credential().parse(password)
    await createProxyCache(quay, organization, { upstream, expiration: seconds, insecure, username, password: secret }).catch((error) => {
      throw aboutUpstream(error)
    })
    const wanted: ProxyCache = { upstream, expiration: seconds, insecure }
    const stored = await readBack<ProxyCache | undefined>(quay, wanted, () => findProxyCache(quay, organization))
    if (!stored) throw new Failure('conflict', 'Quay answered that it is done, and yet {organization} is no proxy cache.', { organization })
    const asAsked = stored.upstream === upstream && stored.expiration === seconds && stored.insecure === insecure
    return { organization, ...stored, username, asAsked, registry: new URL(quay.url).host }
  },
  view: ({ organization, upstream, expiration, insecure, username, asAsked, registry }, t) =>
    message(
      t('{organization} hands on {upstream} now.', { organization: bold(organization), upstream: code(upstream) }),
      ...lines([
        ...(insecure ? [t('Quay reaches it without TLS.')] : []),
        ...(username ? [t('Quay signs in there as {username}.', { username: code(username) })] : []),
      ]),
      ...storedNote(asAsked, t),
      // Release 0.1.0 stored it under another name.
      ...(expiration === undefined
        ? []
        : [
            note(
              t('Quay keeps an image for {time}. Pull with {command}.', {
                time: durationText(expiration, t),
                command: code(`podman pull ${registry}/${organization}/<image>`),
              }),
            ),
          ]),
    ),
})

/** Quay looks the host up at once (recorded: org-proxycache-create-unresolvable). */
function aboutUpstream(error: unknown) {
  const words = quayAnswer(error)?.words
  if (words === undefined || !/hostname|location|URL/i.test(words)) return error
  return fieldProblem('upstream', 'Quay does not reach this registry: {words}', { words })
}
