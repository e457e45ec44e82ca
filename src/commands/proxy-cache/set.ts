import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { credential } from '../../core/credential.ts'
import { durationText } from '../../core/duration-text.ts'
import { duration, secondsOf } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { slash } from '../../core/slash-command.ts'
import { externalRegistry } from '../../quay/external-reference.ts'
import { quayAnswer } from '../../quay/http.ts'
import { createProxyCache, findProxyCache, type ProxyCache } from '../../quay/proxy-caches.ts'
import { readBack } from '../../quay/read-back.ts'
import { bold, code, lines, message, note } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Make an organization a proxy cache of another registry',
  help: 'Quay creates repositories as images are pulled. An existing proxy cache can’t be changed: delete it first. To set a password, type the command alone and use the dialog; the password is never shown again.',
  input: z.strictObject({
    organization: organizationField,
    upstream: externalRegistry
      .meta({ title: 'Upstream registry' })
      .describe('Upstream registry or a namespace in it: docker.io, quay.io/projectquay'),
    keep: z
      .string()
      .regex(duration, 'Enter a duration like 10m, 6h or 1d')
      .default('1d')
      .meta({ title: 'Cache expiration', time: 'duration' })
      .describe('How long Quay caches an image: 6h, 1d, 2w'),
    insecure: z
      .boolean()
      .default(false)
      .meta({ title: 'Use HTTP', advanced: true })
      .describe('Connect to the upstream registry over HTTP, without TLS'),
    username: z
      .string()
      .trim()
      .max(255)
      .optional()
      .meta({ title: 'Username', advanced: true })
      .describe('Username for the upstream registry'),
    password: z
      .string()
      .max(1000)
      .optional()
      .meta({ title: 'Password', advanced: true, secret: true })
      .describe('Password for the upstream registry; needs the username'),
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
        'Set both username and password, or neither. Enter the password in the dialog: type {slash} proxy-cache set alone.',
      )
    const seconds = secondsOf(keep)
    const found = await findProxyCache(quay, organization)
    if (found)
      throw new Failure('conflict', '{organization} is already a proxy cache of {upstream}. Delete it first: {command}', {
        organization,
        upstream: found.upstream,
        command: slash(`proxy-cache delete ${organization}`),
      })
    const secret = password === undefined ? undefined : credential().parse(password)
    await createProxyCache(quay, organization, { upstream, expiration: seconds, insecure, username, password: secret }).catch((error) => {
      throw aboutUpstream(error)
    })
    const wanted: ProxyCache = { upstream, expiration: seconds, insecure }
    const stored = await readBack<ProxyCache | undefined>(quay, wanted, () => findProxyCache(quay, organization))
    if (!stored) throw new Failure('conflict', 'Quay reported success, but {organization} is not a proxy cache.', { organization })
    const asAsked = stored.upstream === upstream && stored.expiration === seconds && stored.insecure === insecure
    return { organization, ...stored, username, asAsked, registry: new URL(quay.url).host }
  },
  view: ({ organization, upstream, expiration, insecure, username, asAsked, registry }, t) =>
    message(
      t('{organization} is now a proxy cache of {upstream}.', { organization: bold(organization), upstream: code(upstream) }),
      ...lines([
        ...(insecure ? [t('Quay connects over HTTP, without TLS.')] : []),
        ...(username ? [t('Quay signs in as {username}.', { username: code(username) })] : []),
      ]),
      ...storedNote(asAsked, t),
      // Release 0.1.0 stored it under another name.
      ...(expiration === undefined
        ? []
        : [
            note(
              t('Quay caches an image for {time}. Pull with {command}.', {
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
  return fieldProblem('upstream', 'Quay can’t reach this registry: {words}', { words })
}
