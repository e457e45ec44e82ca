import { z } from 'zod'
import { credential } from '../core/credential.ts'
import { durationText } from '../core/duration-text.ts'
import { duration, secondsOf } from '../core/durations.ts'
import { fieldProblem } from '../core/field-problem.ts'
import type { Translate } from '../core/i18n.ts'
import { slash } from '../core/slash-command.ts'
import { externalRepository } from '../quay/external-reference.ts'
import type { Mirror, MirrorChange } from '../quay/mirrors.ts'
import { code, fields, link, type Message, message, moment, note, section } from '../slack/blocks.ts'
import { codes } from '../slack/views/codes.ts'
import { storedNote } from '../slack/views/stored.ts'

const text = () => z.string().trim().min(1).max(500)
const proxy = () =>
  text()
    .refine((value) => !/@/.test(value), 'Leave out the username and password')
    .optional()
    .meta({ advanced: true })

/** Settings of a mirror, for its creation and for later changes. */
export const mirrorFields = {
  external_reference: externalRepository
    .meta({ title: 'External repository' })
    .describe('Source, as registry/namespace/name: quay.io/minio/mc'),
  tags: z.array(text()).min(1).meta({ title: 'Tags' }).describe('Tag patterns, separated by commas: latest,v3.*'),
  interval: z
    .string()
    .regex(duration, 'Enter a duration like 10m, 6h or 1d')
    .meta({ title: 'Sync interval', time: 'duration' })
    .describe('Time between syncs: 10m, 6h, 1d'),
  start: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'Enter a time in UTC, like 2026-11-23T07:00:00Z')
    .refine((value) => !Number.isNaN(Date.parse(value)), 'Enter a date')
    .optional()
    .meta({ title: 'Start date', time: 'moment' })
    .describe('Start of the first sync in UTC: 2026-11-23T07:00:00Z (default: now)'),
  robot: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*\+[a-z0-9][a-z0-9._-]*$/, 'Enter a robot account, such as acme+mirror')
    .optional()
    .meta({ title: 'Robot account', of: 'robot', in: 'repository' }),
  enabled: z.boolean().optional().meta({ title: 'Enabled' }).describe('Sync on schedule (default: yes)'),
  username: text().optional().meta({ title: 'Username', advanced: true }).describe('Username for the external registry'),
  password: text()
    .optional()
    .meta({ title: 'Password', advanced: true, secret: true })
    .describe('Password for the external registry; needs the username'),
  verify_tls: z
    .boolean()
    .optional()
    .meta({ title: 'Verify TLS', advanced: true })
    .describe('Verify the TLS certificate of the external registry'),
  unsigned_images: z.boolean().optional().meta({ title: 'Unsigned images', advanced: true }).describe('Accept unsigned images'),
  http_proxy: proxy().meta({ title: 'HTTP proxy' }).describe('Proxy for HTTP'),
  https_proxy: proxy().meta({ title: 'HTTPS proxy' }).describe('Proxy for HTTPS'),
  no_proxy: text()
    .optional()
    .meta({ title: 'Proxy exceptions', advanced: true })
    .describe('Hosts to reach without the proxy, separated by commas'),
  timeout: z
    .number()
    .int()
    .min(300)
    .max(86_400)
    .optional()
    .meta({ title: 'Timeout', advanced: true })
    .describe('Timeout of a sync in seconds; 300 or more'),
}

type Given = { [Name in keyof typeof mirrorFields]?: z.output<(typeof mirrorFields)[Name]> | undefined }

/** Quay takes a password only together with the username (recorded: mirror-put-password-only). */
export function checkPassword({ username, password }: Given) {
  if (password !== undefined && username === undefined) throw fieldProblem('username', 'A password also needs the username.')
}

/** The given values in the form that Quay's client takes. */
export function mirrorChange(given: Given): MirrorChange {
  const { http_proxy: http, https_proxy: https, no_proxy: none } = given
  const proxied = http !== undefined || https !== undefined || none !== undefined
  return {
    reference: given.external_reference,
    tags: given.tags,
    interval: given.interval === undefined ? undefined : secondsOf(given.interval),
    start: given.start,
    robot: given.robot,
    enabled: given.enabled,
    username: given.username,
    password: given.password === undefined ? undefined : credential().parse(given.password),
    verifyTls: given.verify_tls,
    unsignedImages: given.unsigned_images,
    timeout: given.timeout,
    ...(proxied && { proxy: { http, https, none } }),
  }
}

/** The mirror that a dry run shows instead of creating one. */
export function plannedMirror(given: Given & { external_reference: string; tags: string[]; interval: string }, robot: string): Mirror {
  const { external_reference: reference, tags, interval, start = '', username, enabled = true, timeout } = given
  const rest = { verifyTls: given.verify_tls, unsignedImages: given.unsigned_images, proxy: {}, status: 'never-run', retriesLeft: 0 }
  return { reference, tags, interval: secondsOf(interval), start, username, enabled, robot, timeout, ...rest }
}

/** The settings of a mirror as names and values. Values that Quay does not return are left out. */
export function mirrorTable(mirror: Mirror, t: Translate) {
  const { reference, tags, interval, start, robot, enabled, username, verifyTls, unsignedImages, proxy, timeout } = mirror
  const proxies = [proxy.http, proxy.https].flatMap((one) => one || [])
  const known: [name: string, value: string | undefined][] = [
    [t.plain('External repository'), code(reference).markup],
    [t.plain('Tags'), codes(tags, t).markup],
    [t.plain('Sync interval'), durationText(interval, t)],
    [t.plain('Next sync'), enabled ? moment(Date.parse(start)).markup : t('None: the mirror is disabled')],
    [t.plain('Robot account'), robot ? code(robot).markup : undefined],
    [t.plain('Username'), username ? code(username).markup : t('None (anonymous)')],
    [
      t.plain('Verify TLS'),
      verifyTls === undefined ? undefined : t('{verify, select, true {Yes} other {No}}', { verify: String(verifyTls) }),
    ],
    [t.plain('Unsigned images'), unsignedImages ? t('Accepted') : undefined],
    [t.plain('Proxy'), proxies.length > 0 ? codes([...new Set(proxies)], t).markup : undefined],
    [t.plain('Timeout'), timeout === undefined ? undefined : durationText(timeout, t)],
  ]
  return fields(...known.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])))
}

export interface MirrorMade {
  repository: string
  url: string
  reference: string
  /** Whether a password was given. */
  signsIn: boolean
  /** The mirror as Quay stored it; absent before it is created. */
  mirror?: Mirror | undefined
  asAsked: boolean
  /** Whether the repository, and the robot account, did not exist before. */
  created: boolean
  robotMade: boolean
  /** Identifies the repository, if it existed before. */
  mark?: string | undefined
}

/** What `mirror create` made, as Quay stored it. */
export function mirrorMade({ repository, url, reference, mirror, asAsked, created, robotMade }: MirrorMade, t: Translate): Message {
  if (!mirror)
    return message(
      t('Created {repository} to mirror {reference}.', {
        repository: link(url, repository),
        reference: code(reference),
      }),
    )
  const { tags, interval, enabled, robot } = mirror
  return message(
    t('{created, select, true {Created {repository} as a mirror of {reference}.} other {{repository} is now a mirror of {reference}.}}', {
      created: String(created),
      repository: link(url, repository),
      reference: code(mirror.reference),
    }),
    section(
      t('{enabled, select, false {The mirror is disabled: it syncs only on request.} other {Syncs {tags} every {interval}.}}', {
        enabled: String(enabled),
        tags: codes(tags, t),
        interval: durationText(interval, t),
      }),
    ),
    mirrorTable(mirror, t),
    ...storedNote(asAsked, t),
    note(
      t(
        'Robot account {robot}{made, select, true { (created)} other {}} pushes the images. Check the status with {show}; sync now with {sync}.',
        {
          made: String(robotMade),
          robot: code(robot),
          show: code(slash(`mirror show ${repository}`)),
          sync: code(slash(`mirror sync ${repository}`)),
        },
      ),
    ),
  )
}
