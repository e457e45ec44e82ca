import { z } from 'zod'
import { operation } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { mirrorChange, mirrorFields, mirrorTable } from '../../command/mirror-fields.ts'
import { shortDuration } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import type { Quay } from '../../quay/http.ts'
import { type Mirror, type MirrorChange, readMirror, updateMirror } from '../../quay/mirrors.ts'
import { pageOf } from '../../quay/repositories.ts'
import { link, message } from '../../slack/blocks.ts'

export default operation({
  summary: 'Change a mirror',
  help: 'Only what differs from what Quay has now is sent. A proxy goes away with _none_. With a password, type the command alone: the modal asks for it.',
  input: z.strictObject({
    repository: repositoryField,
    ...mirrorFields,
    external_reference: mirrorFields.external_reference.optional(),
    tags: mirrorFields.tags.optional(),
    interval: mirrorFields.interval.optional(),
    start: mirrorFields.start.describe('When the next run begins, in UTC: 2026-11-23T07:00:00Z'),
    robot: mirrorFields.robot.describe('Who pushes: a robot of the same namespace'),
    enabled: mirrorFields.enabled.describe('Whether it runs by itself'),
  }),
  examples: ['mirror edit acme/mc interval=6h', 'mirror edit acme/mc tags=latest,v4.* enabled=no'],
  needs: [{ right: 'admin', on: 'repository' }],
  calls: ['PUT /repository/{repository}/mirror'],
  changes: {
    effects: ['overwrites'],
    // Nothing left to change: then the lost attempt has changed it all.
    repeat: async ({ quay, input: { repository, ...given } }) => {
      const mirror = await readMirror(quay, repository)
      if (Object.keys(differing(mirrorChange({ ...given, password: undefined }), mirror)).length > 0) return
      // Which password it has Quay does not say: it is sent once more.
      return given.password === undefined ? { result: shown(quay, repository, mirror) } : undefined
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
  run: async ({ quay, input: { repository, ...given } }) => {
    const change = differing(mirrorChange(given), await readMirror(quay, repository))
    if (Object.keys(change).length === 0)
      throw new Failure('invalid', 'The mirror is like that already. Say what to change: {example}', {
        example: `/quay mirror edit ${repository} interval=6h`,
      })
    await updateMirror(quay, repository, change)
    return shown(quay, repository, await readMirror(quay, repository))
  },
  view: ({ repository, url, mirror }, t) =>
    message(t('Changed the mirror {repository}.', { repository: link(url, repository) }), mirrorTable(mirror, t)),
})

function shown(quay: Quay, repository: string, mirror: Mirror) {
  return { repository, url: pageOf(quay, repository), mirror }
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
