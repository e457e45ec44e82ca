import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { mirrorFacts } from '../../command/facts.ts'
import { mirrorChange, mirrorFields, mirrorTable } from '../../command/mirror-fields.ts'
import { shortDuration } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { slash } from '../../core/slash-command.ts'
import { findMirrorLoss } from '../../quay/mirror-loss.ts'
import { type Mirror, type MirrorChange, readMirror, updateMirror } from '../../quay/mirrors.ts'
import type { Quay } from '../../quay/registry.ts'
import { pageOf } from '../../quay/repositories.ts'
import { link, message } from '../../slack/blocks.ts'
import { mirrorLossView } from '../../slack/views/mirror-loss.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Edit mirror settings',
  help: 'Only changed settings are sent to Quay. To remove a proxy, enter `none`. To change the password, type the command alone and use the dialog.',
  input: z.strictObject({
    repository: repositoryField,
    ...mirrorFields,
    external_reference: mirrorFields.external_reference.optional().meta({ title: 'External repository' }),
    tags: mirrorFields.tags.optional().meta({ title: 'Tags' }),
    interval: mirrorFields.interval.optional().meta({ title: 'Sync interval' }),
    start: mirrorFields.start.meta({ title: 'Start date' }).describe('Start of the next sync in UTC: 2026-11-23T07:00:00Z'),
    robot: mirrorFields.robot.meta({ title: 'Robot account' }).describe('Robot account in the same organization that pushes the images'),
    enabled: mirrorFields.enabled.meta({ title: 'Enabled' }).describe('Sync on schedule'),
  }),
  examples: ['mirror edit acme/mc interval=6h', 'mirror edit acme/mc tags=latest,v4.* enabled=no'],
  aliases: ['update', 'change', 'set', 'configure', 'pause', 'disable', 'enable'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['PUT /repository/{repository}/mirror'],
  changes: {
    // What it brings otherwise deletes what it brought before.
    effects: (input) => (changesTags(input) ? ['overwrites', 'destroys'] : ['overwrites']),
    // Nothing left to change: then the lost attempt has changed it all.
    facts: ({ quay, input: { repository } }) => mirrorFacts(quay, repository),
    retry: async ({ quay, input: { repository, ...given } }) => {
      const mirror = await readMirror(quay, repository)
      if (Object.keys(differing(mirrorChange({ ...given, password: undefined }), mirror)).length > 0) return
      // Which password it has Quay does not say: it is sent once more.
      return given.password === undefined ? { result: shown(quay, repository, mirror, true) } : undefined
    },
  },
  current: async ({ quay, input: { repository } }) => {
    const { reference, tags, interval, start, robot, enabled, username, verifyTls, unsignedImages, proxy, timeout } = await readMirror(
      quay,
      repository,
    )
    return {
      external_reference: reference,
      tags,
      interval: shortDuration(interval),
      start: start.replace(/\.\d+Z$/, 'Z'),
      robot: robot || undefined,
      enabled,
      username,
      verify_tls: verifyTls,
      unsigned_images: unsignedImages,
      http_proxy: proxy.http,
      https_proxy: proxy.https,
      no_proxy: proxy.none,
      timeout,
    }
  },
  preview: {
    read: async ({ quay, input: { repository, ...given } }) => {
      const mirror = await readMirror(quay, repository)
      const change = differing(mirrorChange(given), mirror)
      const { reference = mirror.reference, tags = mirror.tags, enabled = mirror.enabled } = change
      const isOther = change.reference !== undefined || change.tags !== undefined || change.enabled === true
      const loss = isOther && enabled ? await findMirrorLoss(quay, repository, tags) : undefined
      // A press comes without the password, which is kept nowhere.
      if (loss && given.password !== undefined)
        throw new Failure(
          'conflict',
          'This can delete tags of {repository}, so you must confirm it first, and a password is not kept until then. Change the password separately.',
          {
            repository,
          },
        )
      return loss && { repository, url: pageOf(quay, repository), reference, ...loss }
    },
    view: ({ repository, url, reference, ...loss }, t) =>
      message(
        t('Change the mirror settings of {repository}?', { repository: link(url, repository) }),
        ...mirrorLossView(repository, reference, loss, t),
      ),
  },
  run: async ({ quay, input: { repository, ...given } }) => {
    const change = differing(mirrorChange(given), await readMirror(quay, repository))
    if (Object.keys(change).length === 0)
      throw new Failure('invalid', 'The mirror already has these settings. Add what to change: {example}', {
        example: slash(`mirror edit ${repository} interval=6h`),
      })
    await updateMirror(quay, repository, change)
    const stored = await readMirror(quay, repository)
    // Which password it has Quay does not say.
    const isStored = quay.dryRunCalls !== undefined || Object.keys(differing({ ...change, password: undefined }, stored)).length === 0
    return shown(quay, repository, stored, isStored)
  },
  view: ({ repository, url, mirror, asAsked }, t) =>
    message(
      t('Changed the mirror settings of {repository}.', { repository: link(url, repository) }),
      mirrorTable(mirror, t),
      ...storedNote(asAsked, t),
    ),
})

interface Given {
  external_reference?: unknown
  tags?: unknown
  enabled?: unknown
}

function changesTags({ external_reference: reference, tags, enabled }: Given) {
  return reference !== undefined || tags !== undefined || enabled === true
}

function shown(quay: Quay, repository: string, mirror: Mirror, asAsked: boolean) {
  return { repository, url: pageOf(quay, repository), mirror, asAsked }
}

/** What is not so already. A password is always new: Quay does not say which one it has. */
function differing({ proxy, password, ...change }: MirrorChange, mirror: Mirror): MirrorChange {
  const rest = different(change, mirror)
  const proxies = different(removed(proxy ?? {}), { ...mirror.proxy })
  return {
    ...rest,
    ...(password && { password, username: change.username ?? mirror.username }),
    ...(Object.keys(proxies).length > 0 && { proxy: proxies }),
  }
}

function different<Settings extends object>(wanted: Settings, now: { [Name in keyof Settings]?: unknown }): Partial<Settings> {
  // Object.entries loses the type of the keys.
  const entries = Object.entries(wanted).filter(([name, value]) => value !== undefined && !isSame(value, now[name as keyof Settings]))
  return Object.fromEntries(entries) as Partial<Settings> // a part of what it came from
}

function isSame(one: unknown, other: unknown) {
  const written = (value: unknown) => (typeof value === 'string' ? value.replace(/\.\d+Z$/, 'Z') : JSON.stringify(value ?? ''))
  return written(one) === written(other)
}

/** `none` takes a proxy away: for Quay that is an empty one. */
function removed(proxy: NonNullable<MirrorChange['proxy']>) {
  return Object.fromEntries(Object.entries(proxy).map(([name, value]) => [name, value === 'none' ? '' : value]))
}
